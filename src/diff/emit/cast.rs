//! How a value of one type becomes one of another, and what that costs.
//!
//! An assignment needs no `using`, and is better than a cast in words: a text that is too long then fails, where an
//! explicit cast would cut it off. <https://www.postgresql.org/docs/18/sql-createcast.html>

use crate::catalog::{Attribute, Catalog, Entry, Id, Kind, Object};
use crate::text::bare_ident;

/// How a column's values are converted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conversion {
    /// What stands behind `using`; none where assigning does.
    pub using: Option<String>,
    /// What is lost, in words.
    pub loses: Option<String>,
    /// Why it needs a look, in words.
    pub decide: Option<String>,
    /// Whether the table is written anew.
    pub rewrites: bool,
    /// Whether no value can fail.
    pub is_safe: bool,
    /// Whether values of both types compare with each other as those of one do.
    pub is_kin: bool,
}

const NUMBERS: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
const TEXTS: [&str; 5] = ["text", "character varying", "character", "name", "\"char\""];
const MOMENTS: [&str; 3] = ["timestamp with time zone", "timestamp without time zone", "date"];

/// Pairs that can be assigned, beside numbers, and everything to text.
const ASSIGNED: [(&str, &str); 27] = [
    ("date", "timestamp without time zone"),
    ("date", "timestamp with time zone"),
    ("timestamp without time zone", "timestamp with time zone"),
    ("timestamp without time zone", "date"),
    ("timestamp without time zone", "time without time zone"),
    ("timestamp with time zone", "timestamp without time zone"),
    ("timestamp with time zone", "date"),
    ("timestamp with time zone", "time without time zone"),
    ("timestamp with time zone", "time with time zone"),
    ("time without time zone", "time with time zone"),
    ("time without time zone", "interval"),
    ("time with time zone", "time without time zone"),
    ("interval", "time without time zone"),
    ("json", "jsonb"),
    ("jsonb", "json"),
    ("cidr", "inet"),
    ("inet", "cidr"),
    ("macaddr", "macaddr8"),
    ("macaddr8", "macaddr"),
    ("integer", "oid"),
    ("bigint", "oid"),
    ("oid", "integer"),
    ("oid", "bigint"),
    ("money", "numeric"),
    ("integer", "money"),
    ("bit", "bit varying"),
    ("bit varying", "bit"),
];

/// Pairs that a cast in words converts.
const CAST: [(&str, &str); 12] = [
    ("integer", "boolean"),
    ("boolean", "integer"),
    ("jsonb", "boolean"),
    ("jsonb", "smallint"),
    ("jsonb", "integer"),
    ("jsonb", "bigint"),
    ("jsonb", "numeric"),
    ("jsonb", "real"),
    ("jsonb", "double precision"),
    ("integer", "bit"),
    ("bigint", "bit"),
    ("bit", "integer"),
];

/// How a column's values are converted; `old` is the type in one state, `new` in the other. `is_anew` says that the type,
/// or what it is made of, steps aside for another of its name.
pub fn conversion(column: &str, old: &str, new: &str, is_anew: bool, from: &Catalog, to: &Catalog) -> Conversion {
    let (before, now) = (under_domains(old, from), under_domains(new, to));
    let rewrites = is_rewritten(&before, &now);
    let plain = Conversion { rewrites, loses: loss(&before, &now), ..Conversion::default() };
    let assigned = Conversion { is_safe: is_safe(&before, &now), is_kin: is_kin(&before, &now), ..plain.clone() };
    let with = |using: String| Conversion { using: Some(using), ..plain.clone() };
    let user_type = named(&before, from);
    if is_anew && before == now && user_type.is_some() {
        return Conversion { rewrites: true, ..with(through_new(column, &before, new, from, to)) };
    }
    if bare(&before) == bare(&now) {
        return assigned;
    }
    match (before.strip_suffix("[]"), now.strip_suffix("[]")) {
        (None, Some(element)) => {
            // A domain over an array has no suffix of its own.
            let element = new.strip_suffix("[]").unwrap_or(element);
            let inner = conversion(column, old, element, false, from, to).using;
            let inner = inner.unwrap_or_else(|| format!("{column}::{element}"));
            return Conversion {
                decide: Some("each value becomes an array of one".to_owned()),
                ..with(format!("case when {column} is not null then array[{inner}] end"))
            };
        }
        (Some(_), None) if !TEXTS.contains(&bare(&now).as_str()) => {
            return Conversion {
                decide: Some("an array becomes one value through its text".to_owned()),
                ..with(format!("{column}::text::{new}"))
            };
        }
        _ => {}
    }
    let element = |it: &str| bare(it.strip_suffix("[]").unwrap_or(it));
    let (source, target) = (element(&before), element(&now));
    let is = |list: &[&str], it: &str| list.contains(&it);
    let (source, target) = (source.as_str(), target.as_str());
    if is(&TEXTS, target) || is(&NUMBERS, source) && is(&NUMBERS, target) || ASSIGNED.contains(&(source, target)) {
        return assigned;
    }
    if is(&TEXTS, source) || CAST.contains(&(source, target)) || has_cast(source, target, from, to) {
        return with(format!("{column}::{new}"));
    }
    let is_one = !now.ends_with("[]");
    if is_one && source == "boolean" && is(&NUMBERS, target) {
        return with(format!("{column}::integer::{new}"));
    }
    if is_one && is(&NUMBERS, source) && target == "boolean" {
        return with(format!("({column} <> 0)::{new}"));
    }
    if is_one && is(&MOMENTS, source) && is(&NUMBERS, target) {
        return Conversion {
            decide: Some("a time becomes its seconds since 1970".to_owned()),
            ..with(format!("extract(epoch from {column})::{new}"))
        };
    }
    if is_one && is(&NUMBERS, source) && is(&MOMENTS, target) {
        return Conversion {
            decide: Some("a number is taken for seconds since 1970".to_owned()),
            ..with(format!("to_timestamp({column}::double precision)::{new}"))
        };
    }
    let is_known = user_type.is_some() || named(&now, to).is_some();
    Conversion {
        decide: (!is_known).then(|| format!("there is no cast from {old} to {new}: values go through their text")),
        ..with(format!("{column}::text::{new}"))
    }
}

/// A type without its modifiers: `numeric(10,2)` is a `numeric`.
fn bare(name: &str) -> String {
    let (Some(open), Some(close)) = (name.find('('), name.rfind(')')) else { return fields(name) };
    fields(&format!("{}{}", &name[..open], &name[close + 1..]))
}

/// `interval day to second` is an `interval`.
fn fields(name: &str) -> String {
    if name.starts_with("interval ") && !name.ends_with("[]") { "interval".to_owned() } else { name.to_owned() }
}

/// The numbers among a type's modifiers.
fn modifiers(name: &str) -> Vec<i64> {
    let (Some(open), Some(close)) = (name.find('('), name.rfind(')')) else { return Vec::new() };
    name[open + 1..close].split(',').filter_map(|it| it.trim().parse().ok()).collect()
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
fn under_domains(name: &str, catalog: &Catalog) -> String {
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

/// From a type that stepped aside to the one that took its name.
fn through_new(column: &str, before: &str, new: &str, from: &Catalog, to: &Catalog) -> String {
    let attributes = |catalog: &Catalog| match named(before, catalog).and_then(|id| catalog.get(&id)) {
        Some(entry) => match &entry.object {
            Object::Composite(composite) => Some(composite.attributes.clone()),
            _ => None,
        },
        None => None,
    };
    if !before.ends_with("[]")
        && let (Some(old), Some(wanted)) = (attributes(from), attributes(to))
    {
        let parts: Vec<String> = wanted.iter().map(|it| part(column, &old, it, from, to)).collect();
        // A row of nulls is no null.
        return format!("case when {column} is distinct from null then row({})::{new} end", parts.join(", "));
    }
    format!("{column}::text::{new}")
}

fn part(column: &str, old: &[Attribute], wanted: &Attribute, from: &Catalog, to: &Catalog) -> String {
    let Some(had) = old.iter().find(|it| it.name == wanted.name) else { return "null".to_owned() };
    let value = format!("({column}).{}", bare_ident(&wanted.name));
    let how = conversion(&value, &had.data_type, &wanted.data_type, true, from, to);
    how.using.unwrap_or(value)
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

/// Whether every value fits.
fn is_safe(before: &str, now: &str) -> bool {
    let rank = |it: &str| NUMBERS[..4].iter().position(|number| *number == it);
    let (source, target) = (bare(before), bare(now));
    match (rank(&source), rank(&target)) {
        (Some(had), Some(has)) if source != target => has >= had && modifiers(now).is_empty(),
        _ => target == "text" || !is_rewritten(before, now),
    }
}

/// Whether one operator family compares both.
fn is_kin(before: &str, now: &str) -> bool {
    let (source, target) = (bare(before), bare(now));
    let both = |list: &[&str]| list.contains(&source.as_str()) && list.contains(&target.as_str());
    source == target || both(&NUMBERS[..3]) || both(&TEXTS[..2])
}

/// What is lost on the way, where nothing fails.
fn loss(before: &str, now: &str) -> Option<String> {
    let (source, target) = (bare(before), bare(now));
    let has_fraction = |it: &str| matches!(it, "numeric" | "real" | "double precision");
    let (had, has) = (modifiers(before), modifiers(now));
    let what = match (source.as_str(), target.as_str()) {
        ("numeric", "numeric") if has.get(1).is_some_and(|has| had.get(1).is_none_or(|had| had > has)) => "digits",
        (source, "smallint" | "integer" | "bigint") if has_fraction(source) => "fractions",
        ("double precision" | "numeric", "real") | ("numeric", "double precision") => "digits",
        ("timestamp with time zone" | "timestamp without time zone", "date") => "times of day",
        (
            "timestamp with time zone" | "timestamp without time zone",
            "time without time zone" | "time with time zone",
        ) => "dates",
        (source, "boolean") if NUMBERS.contains(&source) => "numbers other than 0 and 1",
        (source, target) if MOMENTS.contains(&source) && NUMBERS[..3].contains(&target) => "fractions of seconds",
        (source, target) if source == target && source.starts_with("time") && !is_wider(&had, &has) => {
            "fractions of seconds"
        }
        _ => return None,
    };
    Some(format!("{what} are lost"))
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

    #[test]
    fn what_is_written_anew_is_known() {
        assert!(!is_rewritten("character varying(10)", "character varying(20)"));
        assert!(!is_rewritten("character varying(10)", "text"));
        assert!(is_rewritten("character varying(20)", "character varying(10)"));
        assert!(!is_rewritten("numeric(10,2)", "numeric(12,2)"));
        assert!(is_rewritten("numeric(10,2)", "numeric(12,3)"));
        assert!(is_rewritten("integer", "bigint"));
        assert_eq!(loss("numeric(10,4)", "numeric(10,2)").as_deref(), Some("digits are lost"));
    }
}
