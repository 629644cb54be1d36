//! How a value of one type becomes one of another, and what that costs.
//!
//! An assignment needs no `using`, and is better than a cast in words: a text that is too long then fails, where an
//! explicit cast would cut it off. So a cast leads to the type without its length, and the rest is assigned.
//! <https://www.postgresql.org/docs/18/sql-createcast.html>

use std::collections::BTreeMap;

use super::cast_pairs::{
    NUMBERS, TEXTS, Way, bare, fit, is_zoned as depends_on_zone, modifiers, number, pair, read_from_text,
};
use super::literal;
use crate::catalog::{Attribute, Catalog, Entry, Id, Kind, Object};
use crate::text::bare_ident;

/// How a column's values are converted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conversion {
    /// What stands behind `using`; none where assigning does.
    pub using: Option<String>,
    /// What is lost, as the beginning of a sentence: `dates and fractions of seconds`.
    pub loses: Option<String>,
    /// What a value is that PostgreSQL refuses: `no integer`; none where all fit.
    pub fails: Option<String>,
    /// Why it needs a look, in words.
    pub decide: Option<String>,
    /// Whether what comes out depends on the session's `TimeZone`.
    pub is_zoned: bool,
    /// Whether the table is written anew.
    pub rewrites: bool,
    /// Whether values of both types compare with each other as those of one do.
    pub is_kin: bool,
}

/// What is lost where values of one type become values of another; none where nothing is.
pub fn loses(old: &str, new: &str, from: &Catalog, to: &Catalog) -> Option<String> {
    conversion("c", old, new, false, from, to).loses
}

/// Whether what values become depends on the session's `TimeZone`.
pub fn is_zoned(old: &str, new: &str, from: &Catalog, to: &Catalog) -> bool {
    old != new && conversion("c", old, new, false, from, to).is_zoned
}

/// How a column's values are converted; `old` is the type in one state, `new` in the other. `is_anew` says that the type,
/// or what it is made of, steps aside for another of its name.
pub fn conversion(column: &str, old: &str, new: &str, is_anew: bool, from: &Catalog, to: &Catalog) -> Conversion {
    let (before, now) = (under_domains(old, from), under_domains(new, to));
    let user_type = named(&before, from);
    if is_anew && before == now && user_type.is_some() {
        return through_new(column, &before, new, from, to);
    }
    let had = checks(old, from);
    let is_checked = checks(new, to).iter().any(|(id, what)| had.get(id) != Some(what));
    let mut plain = Conversion {
        rewrites: is_rewritten(&before, &now) || is_checked,
        is_kin: is_kin(&before, &now),
        ..Conversion::default()
    };
    let loose = loose(new, &now);
    match (before.strip_suffix("[]"), now.strip_suffix("[]")) {
        (None, Some(element)) => {
            // A domain over an array has no suffix of its own.
            let element = new.strip_suffix("[]").unwrap_or(element);
            let inner = conversion(column, old, element, false, from, to);
            let value = inner
                .using
                .unwrap_or_else(|| format!("{column}::{}", self::loose(element, &under_domains(element, to))));
            return Conversion {
                using: Some(format!("case when {column} is not null then array[{value}] end")),
                decide: Some("each value becomes an array of one".to_owned()),
                rewrites: true,
                is_kin: false,
                fails: inner.fails.or_else(|| is_checked.then(|| format!("no {new}"))),
                ..inner
            };
        }
        (Some(_), None) if !TEXTS.contains(&bare(&now).as_str()) => {
            return Conversion {
                using: Some(format!("{column}::text::{loose}")),
                decide: Some("an array becomes one value through its text".to_owned()),
                loses: in_words(&[], read_from_text(&bare(&now))),
                fails: Some(format!("no {new}")),
                ..plain
            };
        }
        _ => {}
    }
    let array = if now.ends_with("[]") { "[]" } else { "" };
    // The text of an array is as long as it is.
    let is_unpacked = before.ends_with("[]") && array.is_empty();
    let element = |it: &str| if is_unpacked { it.to_owned() } else { it.strip_suffix("[]").unwrap_or(it).to_owned() };
    let (before, now) = (element(&before), element(&now));
    let (source, target) = (bare(&before), bare(&now));
    let using = |way: Way| match way {
        Way::Assign => None,
        // The cast itself needs to know the length.
        Way::Cast if target == "bit" && NUMBERS.contains(&source.as_str()) => Some(format!("{column}::{now}{array}")),
        Way::Through(third) if target == "bit" => Some(format!("{column}::{third}{array}::{now}{array}")),
        Way::Cast => Some(format!("{column}::{loose}")),
        Way::Through(third) => Some(format!("{column}::{third}{array}::{loose}")),
        Way::NotZero if array.is_empty() => Some(format!("({column} <> 0)::{loose}")),
        Way::Epoch if array.is_empty() => Some(format!("extract(epoch from {column})::{loose}")),
        Way::FromEpoch if array.is_empty() => Some(format!("to_timestamp({column}::double precision)::{loose}")),
        _ => Some(format!("{column}::text::{loose}")),
    };
    let known = pair(&source, &target);
    let (is_refused, lost) = fit(&before, &now);
    if has_cast(&source, &target, from, to) {
        return Conversion { using: Some(format!("{column}::{loose}")), fails: Some(format!("no {new}")), ..plain };
    }
    let Some(known) = known else {
        plain.using = Some(format!("{column}::text::{loose}"));
        plain.loses = in_words(&lost, read_from_text(&target));
        plain.is_zoned = depends_on_zone(&source, &target);
        let (had, has) = (labels(&before, from), labels(&now, to));
        plain.fails = match (had, has) {
            (Some(had), Some(has)) => unknown_labels(had, has, new),
            _ => Some(format!("no {new}")),
        };
        let is_known = user_type.is_some() || named(&now, to).is_some();
        plain.decide = (!is_known).then(|| format!("values of {old} become {new} through their text"));
        return plain;
    };
    plain.using = using(known.way);
    let (loses, fails) = of_numeric(&before, &target).unwrap_or((known.loses, known.fails || is_refused));
    let fails = fails || is_checked;
    plain.loses = in_words(&lost, loses);
    plain.is_zoned = depends_on_zone(&source, &target);
    let is_text = |it: &str| TEXTS.contains(&it);
    plain.fails = fails.then(|| match target.as_str() {
        "character varying" | "character" if is_refused && is_text(&source) => {
            format!("no {new} (spaces at its end that are too many are cut off)")
        }
        _ => format!("no {new}"),
    });
    plain.decide = match known.way {
        Way::Epoch => Some("a time becomes its seconds since 1970".to_owned()),
        Way::FromEpoch => Some("a number is taken for seconds since 1970".to_owned()),
        Way::Text => Some(format!("values of {old} become {new} through their text")),
        _ => None,
    };
    plain
}

/// What is lost of a number, and whether one can be refused: its modifiers are more exact than what holds of all values.
fn of_numeric(before: &str, target: &str) -> Option<(&'static str, bool)> {
    if bare(before) != "numeric" {
        return None;
    }
    let (whole, scale) = number("numeric", &modifiers(before))?;
    let fractions = if scale <= 0 { "" } else { "fractions" };
    match target {
        "smallint" => Some((fractions, whole > 4)),
        "integer" => Some((fractions, whole > 9)),
        "bigint" => Some((fractions, whole > 18)),
        "money" if scale <= 0 => Some(("", whole > 15)),
        // The digits that they hold are counted elsewhere.
        "real" | "double precision" => Some(("", false)),
        _ => None,
    }
}

/// What a cast in words may lead to without cutting anything off: the assignment that follows it refuses what is too long.
fn loose(new: &str, now: &str) -> String {
    let array = if now.ends_with("[]") { "[]" } else { "" };
    match bare(now.strip_suffix("[]").unwrap_or(now)).as_str() {
        _ if modifiers(now).is_empty() => new.to_owned(),
        "bit" | "bit varying" => format!("bit varying{array}"),
        "character varying" => format!("character varying{array}"),
        "character" | "bpchar" => format!("text{array}"),
        _ => new.to_owned(),
    }
}

/// What is lost, in words and each once.
fn in_words(lost: &[String], more: &str) -> Option<String> {
    let more = (!more.is_empty() && !lost.iter().any(|it| it == more)).then_some(more);
    let all: Vec<&str> = more.into_iter().chain(lost.iter().map(String::as_str)).collect();
    (!all.is_empty()).then(|| all.join(" and "))
}

/// The labels of an enum.
fn labels<'a>(name: &str, catalog: &'a Catalog) -> Option<&'a [String]> {
    match &catalog.get(&named(name, catalog)?)?.object {
        Object::Enum(it) if !name.ends_with("[]") => Some(&it.labels),
        _ => None,
    }
}

/// The values that another enum does not have.
fn unknown_labels(had: &[String], has: &[String], new: &str) -> Option<String> {
    let gone: Vec<String> = had.iter().filter(|it| !has.contains(it)).map(|it| literal(it)).collect();
    (!gone.is_empty()).then(|| format!("{}, which {new} does not have", gone.join(" or ")))
}

/// The user's type of this name.
fn named(name: &str, catalog: &Catalog) -> Option<Id> {
    let name = name.strip_suffix("[]").unwrap_or(name);
    let (schema, rest) = first_name(name);
    let (name, rest) = first_name(rest.strip_prefix('.')?);
    let kinds = [Kind::Enum, Kind::Composite, Kind::Domain, Kind::Range, Kind::BaseType];
    let mut ids = kinds.iter().map(|kind| Id::new(*kind, &schema, &name));
    let found = ids.find(|id| rest.is_empty() && catalog.entries.contains_key(id));
    let multirange = (schema.clone(), name.clone());
    let is_of = |entry: &Entry| matches!(&entry.object, Object::Range(range) if range.multirange == multirange);
    found.or_else(|| catalog.entries.iter().find(|(_, entry)| is_of(entry)).map(|(id, _)| id.clone()))
}

/// The name at the beginning, without its quotes, and what follows it.
fn first_name(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('.').unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let bytes = quoted.as_bytes();
    let mut end = 0;
    while end < bytes.len() && (bytes[end] != b'"' || bytes.get(end + 1) == Some(&b'"')) {
        end += if bytes[end] == b'"' { 2 } else { 1 };
    }
    (quoted[..end].replace("\"\"", "\""), quoted.get(end + 1..).unwrap_or_default())
}

/// The type that a domain is made of, at last.
pub fn under_domains(name: &str, catalog: &Catalog) -> String {
    let mut name = name.to_owned();
    // Domains of domains: never deep, and never in a circle.
    for _ in 0..16 {
        let array = if name.ends_with("[]") { "[]" } else { "" };
        match named(&name, catalog).and_then(|id| catalog.get(&id)).map(|entry| &entry.object) {
            Some(Object::Domain(domain)) => name = format!("{}{array}", domain.data_type),
            _ => break,
        }
    }
    name
}

/// The domains that a type is made of and that not every value fits, with what they ask.
fn checks<'a>(name: &str, catalog: &'a Catalog) -> BTreeMap<&'a Id, Vec<&'a Object>> {
    let mut name = name.to_owned();
    let mut found: BTreeMap<&Id, Vec<&Object>> = BTreeMap::new();
    while let Some((id, entry)) = named(&name, catalog).and_then(|id| catalog.entries.get_key_value(&id))
        && let Object::Domain(domain) = &entry.object
        && !found.contains_key(id)
    {
        name.clone_from(&domain.data_type);
        let mut asked: Vec<&Object> = catalog.parts(id, Kind::Constraint).map(|(_, entry)| &entry.object).collect();
        asked.extend(domain.not_null.then_some(&entry.object));
        found.insert(id, asked);
    }
    found.retain(|_, asked| !asked.is_empty());
    found
}

/// From a type that stepped aside to the one that took its name.
fn through_new(column: &str, before: &str, new: &str, from: &Catalog, to: &Catalog) -> Conversion {
    let attributes = |catalog: &Catalog| match named(before, catalog).and_then(|id| catalog.get(&id)) {
        Some(entry) => match &entry.object {
            Object::Composite(composite) => Some(composite.attributes.clone()),
            _ => None,
        },
        None => None,
    };
    let how = Conversion { rewrites: true, is_kin: true, ..Conversion::default() };
    let through_text = format!("{column}::text::{new}");
    let (Some(old), Some(wanted)) = (attributes(from), attributes(to)) else {
        let element = before.strip_suffix("[]").unwrap_or(before);
        let fails = match (labels(element, from), labels(element, to)) {
            (Some(had), Some(has)) => unknown_labels(had, has, element),
            _ => Some(format!("no {new}")),
        };
        return Conversion { using: Some(through_text), fails, ..how };
    };
    let parts: Vec<Conversion> = wanted.iter().map(|it| part(column, &old, it, from, to)).collect();
    let mut lost: Vec<String> = Vec::new();
    for (it, part) in wanted.iter().zip(&parts) {
        lost.extend(part.loses.iter().map(|loses| format!("{loses} in attribute {}", bare_ident(&it.name))));
    }
    let gone = old.iter().filter(|it| !wanted.iter().any(|wanted| wanted.name == it.name));
    lost.extend(gone.map(|it| format!("values of attribute {}", bare_ident(&it.name))));
    let is_array = before.ends_with("[]");
    let using = if is_array {
        through_text
    } else {
        let values: Vec<&str> = parts.iter().filter_map(|it| it.using.as_deref()).collect();
        // A cast of a row cuts texts off; reading its text does not.
        let way = if parts.iter().any(|it| it.fails.is_some()) { "::text" } else { "" };
        // A row of nulls is no null.
        format!("case when {column} is distinct from null then row({}){way}::{new} end", values.join(", "))
    };
    let fails = parts.iter().any(|it| it.fails.is_some()).then(|| format!("no {new}"));
    Conversion {
        using: Some(using),
        fails: fails.or_else(|| is_array.then(|| format!("no {new}"))),
        loses: in_words(&lost, ""),
        is_zoned: parts.iter().any(|it| it.is_zoned),
        ..how
    }
}

fn part(column: &str, old: &[Attribute], wanted: &Attribute, from: &Catalog, to: &Catalog) -> Conversion {
    let Some(had) = old.iter().find(|it| it.name == wanted.name) else {
        return Conversion { using: Some("null".to_owned()), ..Conversion::default() };
    };
    let value = format!("({column}).{}", bare_ident(&wanted.name));
    let how = conversion(&value, &had.data_type, &wanted.data_type, true, from, to);
    Conversion { using: how.using.or(Some(value)), ..how }
}

/// Whether somebody has made a cast.
fn has_cast(source: &str, target: &str, from: &Catalog, to: &Catalog) -> bool {
    let id = Id::part(Kind::Cast, "", source, target);
    from.entries.contains_key(&id) && to.entries.contains_key(&id)
}

/// Whether the table is written anew: <https://www.postgresql.org/docs/18/sql-altertable.html>, under its notes.
fn is_rewritten(before: &str, now: &str) -> bool {
    let (source, target) = (bare(before), bare(now));
    let (had, has) = (modifiers(before), modifiers(now));
    match (source.as_str(), target.as_str()) {
        _ if before == now => false,
        ("character varying" | "text", "character varying" | "text")
        | ("bit varying", "bit varying")
        | ("timestamp without time zone", "timestamp without time zone")
        | ("timestamp with time zone", "timestamp with time zone") => !is_wider(&had, &has),
        ("numeric", "numeric") => !(has.is_empty() || had.len() == 2 && has[1..] == had[1..] && has[0] >= had[0]),
        ("cidr", "inet") => false,
        _ => true,
    }
}

fn is_wider(had: &[i64], has: &[i64]) -> bool {
    match (had.first(), has.first()) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(had), Some(has)) => has >= had,
    }
}

/// Whether one operator family compares both.
fn is_kin(before: &str, now: &str) -> bool {
    let (source, target) = (bare(before), bare(now));
    let both = |list: &[&str]| list.contains(&source.as_str()) && list.contains(&target.as_str());
    source == target || both(&NUMBERS[..3]) || both(&TEXTS[..2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn using(old: &str, new: &str) -> Option<String> {
        conversion("c", old, new, false, &Catalog::default(), &Catalog::default()).using
    }

    #[test]
    fn a_value_is_assigned_where_that_is_possible() {
        assert_eq!(using("integer", "bigint"), None);
        assert_eq!(using("text", "character varying(5)"), None, "a cast in words would cut texts off");
        assert_eq!(using("integer[]", "bigint[]"), None);
        assert_eq!(using("text", "integer").as_deref(), Some("c::integer"));
        assert_eq!(using("public.e", "text"), None);
    }

    #[test]
    fn where_there_is_no_cast_there_is_a_way_round() {
        assert_eq!(using("boolean", "bigint").as_deref(), Some("c::integer::bigint"));
        assert_eq!(using("bigint", "boolean").as_deref(), Some("(c <> 0)::boolean"));
        assert_eq!(using("timestamp with time zone", "integer").as_deref(), Some("extract(epoch from c)::integer"));
        assert_eq!(using("uuid", "integer").as_deref(), Some("c::text::integer"));
        assert_eq!(using("text", "text[]").as_deref(), Some("case when c is not null then array[c::text] end"));
    }

    fn cost(old: &str, new: &str) -> (Option<String>, Option<String>) {
        let how = conversion("c", old, new, false, &Catalog::default(), &Catalog::default());
        (how.loses, how.fails)
    }

    #[test]
    fn a_cast_leaves_the_length_to_the_assignment_which_refuses_what_is_too_long() {
        assert_eq!(
            using("text", "character varying(3)[]").as_deref(),
            Some("case when c is not null then array[c::character varying] end")
        );
        assert_eq!(using("text", "bit(3)").as_deref(), Some("c::bit varying"));
        assert_eq!(using("integer", "bit(3)").as_deref(), Some("c::bit(3)"), "this one cuts, and says so");
        assert_eq!(cost("integer", "bit(3)").0.as_deref(), Some("the higher bits"));
    }

    #[test]
    fn what_a_conversion_loses_and_refuses_is_known() {
        let none = (None, None);
        for (old, new) in [
            ("smallint", "double precision"),
            ("numeric(9,0)", "integer"),
            ("integer", "numeric(12,2)"),
            ("uuid", "character varying(36)"),
            ("timestamp without time zone", "timestamp with time zone"),
            ("date", "timestamp(0) without time zone"),
            ("interval year to month", "interval day to second"),
            ("character varying(5)[]", "text[]"),
        ] {
            assert_eq!(cost(old, new), none, "{old} to {new}");
        }
        for (old, new, loses) in [
            ("interval", "time without time zone", "years, months and days"),
            ("text", "timestamp(0) without time zone", "offsets from UTC and fractions of seconds"),
            ("text", "numeric(10,2)", "digits"),
            ("text", "date", "times of day"),
            ("text", "name", "what is beyond 63 bytes"),
            ("text", "\"char\"", "all characters but the first"),
            ("double precision", "numeric", "digits"),
            ("bigint", "real", "digits"),
            ("jsonb", "integer", "fractions"),
            ("numeric", "money", "digits that lc_monetary does not show"),
            ("timestamp with time zone[]", "date[]", "times of day"),
            ("interval", "interval year to month", "parts smaller than a month"),
        ] {
            assert_eq!(cost(old, new).0.as_deref(), Some(loses), "{old} to {new}");
        }
        for (old, new) in
            [("text", "integer"), ("bigint", "integer"), ("integer", "character varying(3)"), ("text[]", "text")]
        {
            assert_eq!(cost(old, new).1.is_some(), new != "text", "{old} to {new}");
        }
    }

    #[test]
    fn an_enum_that_lost_a_value_stops_at_the_rows_that_have_it() {
        let with = |labels: &[&str]| {
            let mut catalog = Catalog::default();
            let labels = labels.iter().map(|it| (*it).to_owned()).collect();
            let entry = Entry {
                object: Object::Enum(crate::catalog::Enum { labels }),
                owner: String::new(),
                acl: crate::catalog::Acl::new(),
                grantees: Vec::new(),
                comment: None,
                labels: BTreeMap::new(),
            };
            catalog.entries.insert(Id::new(Kind::Enum, "public", "e"), entry);
            catalog
        };
        let (from, to) = (with(&["a", "b"]), with(&["b", "c"]));
        let how = conversion("c", "public.e", "public.e", true, &from, &to);
        assert_eq!(how.using.as_deref(), Some("c::text::public.e"));
        assert_eq!(how.fails.as_deref(), Some("'a', which public.e does not have"));
        assert_eq!(conversion("c", "public.e", "public.e", true, &with(&["b"]), &to).fails, None);
    }

    #[test]
    fn what_is_written_anew_is_known() {
        assert!(!is_rewritten("character varying(10)", "character varying(20)"));
        assert!(!is_rewritten("character varying(10)", "text"));
        assert!(is_rewritten("character varying(20)", "character varying(10)"));
        assert!(!is_rewritten("numeric(10,2)", "numeric(12,2)"));
        assert!(is_rewritten("numeric(10,2)", "numeric(12,3)"));
        assert!(is_rewritten("integer", "bigint"));
    }
}
