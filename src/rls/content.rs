//! What rows may hold besides whose they are: the values at which a policy's condition may turn out otherwise.

use super::read::Facts;
use super::subject::{Subject, foreign_keys, primary_key};
use super::values::{allowed, is_shared_by_value, literal_of, strings};
use super::verdict::Act;
use crate::catalog::{Body, Catalog, Column, Id, Kind, Object};
use crate::sql::{self, Kind as Token};

/// How many values of a column are tried at most.
const MOST: usize = 12;

/// How many columns of a condition are varied at once.
const MOST_COLUMNS: usize = 4;

/// Parts of names and words by which a row says itself that it is there for others.
const OPEN: [&str; 9] = ["public", "publish", "share", "visib", "listed", "template", "featured", "global", "open"];

/// A column with the values that are worth trying, as SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The column.
    pub column: String,
    /// The values, the likeliest first.
    pub values: Vec<String>,
}

/// The columns of a table that conditions of policies read and that do not say whose a row is, with values at which these
/// conditions may be true: constants of the conditions and of what they call, words that checks and types allow, defaults,
/// and null.
pub fn contents(catalog: &Catalog, facts: &Facts, subject: &Subject, policies: &[&Id], act: Act) -> Vec<Content> {
    let table = &subject.table;
    let texts = texts(catalog, facts, policies);
    let keys = foreign_keys(catalog);
    let key = primary_key(catalog, table).unwrap_or_default();
    let mut found = Vec::new();
    for (id, _, column) in catalog.columns(table) {
        let name = id.part.as_str();
        let is_read = policies.iter().any(|id| {
            facts.columns.get(*id).is_some_and(|columns| columns.contains(&(table.clone(), name.to_owned())))
        });
        let is_fixed = column.generated.is_some() || column.identity.as_ref().is_some_and(|it| it.always);
        if !is_read || is_fixed || key.iter().any(|it| it == name) {
            continue;
        }
        let is_owner = subject.tenant.as_deref() == Some(name) || subject.users.iter().any(|it| it == name);
        let is_reference =
            is_owner || keys.iter().any(|it| it.table == *table && it.columns.iter().any(|column| column == name));
        let mut values = Vec::new();
        if !is_reference {
            values = values_of(catalog, table, name, column, &texts, act);
        }
        if act == Act::Select && says_so_itself(name, column) {
            values.clear();
        }
        let may_be_null = act != Act::Select || is_reference;
        if column.not_null.is_none() && may_be_null {
            values.push(format!("null::{}", column.data_type));
        }
        if !values.is_empty() {
            values.dedup();
            values.truncate(MOST);
            found.push(Content { column: name.to_owned(), values });
        }
    }
    found.truncate(MOST_COLUMNS);
    found
}

/// Whether a row without a value in these columns is nobody's.
pub fn is_disowned<'a>(subject: &Subject, mut nulls: impl Iterator<Item = &'a str>) -> bool {
    if let Some(tenant) = &subject.tenant {
        return nulls.any(|it| it == tenant);
    }
    let nulls: Vec<&str> = nulls.collect();
    !subject.users.is_empty() && subject.users.iter().all(|it| nulls.contains(&it.as_str()))
}

/// Whether a column is there to say who may read the row: a word or a mark, and not a number, a time that is set for every
/// row, or a text of whatever kind.
fn says_so_itself(name: &str, column: &Column) -> bool {
    let is_word = matches!(column.data_type.as_str(), "boolean" | "json" | "jsonb")
        || column.data_type.contains('.')
        || column.data_type.ends_with("[]");
    is_word || is_shared_by_value(name) || OPEN.iter().any(|word| name.contains(word))
}

/// What conditions say, with the functions that they call.
fn texts(catalog: &Catalog, facts: &Facts, policies: &[&Id]) -> Vec<String> {
    let mut texts = Vec::new();
    for id in policies {
        if let Some(Object::Policy(policy)) = catalog.get(id).map(|entry| &entry.object) {
            texts.extend(policy.using.iter().chain(&policy.check).cloned());
        }
        for named in facts.named.get(*id).into_iter().flatten() {
            if let Some(Object::Function(it)) = catalog.get(named).map(|entry| &entry.object)
                && let Body::Source(text) | Body::Sql(text) = &it.body
            {
                texts.push(text.clone());
            }
        }
    }
    texts
}

/// Values that conditions may ask of a column, the likeliest first.
fn values_of(catalog: &Catalog, table: &Id, name: &str, column: &Column, texts: &[String], act: Act) -> Vec<String> {
    let data_type = column.data_type.as_str();
    let base = data_type.split('(').next().unwrap_or(data_type);
    let literal = |value: &str| literal_of(value, data_type);
    let words = || texts.iter().flat_map(|text| strings(text)).collect::<Vec<_>>();
    let known = allowed(catalog, table, name, column);
    let default = match catalog.get(&table.beside(Kind::Default, name)).map(|entry| &entry.object) {
        Some(Object::Default(it)) if !it.expression.contains("nextval(") => Some(it.expression.clone()),
        _ => None,
    };
    let default = default.map(|it| format!("({it})::{data_type}"));
    let mut found: Vec<String> = match base {
        "boolean" => vec!["true".to_owned(), "false".to_owned()],
        "integer" | "bigint" | "smallint" | "numeric" | "real" | "double precision" => {
            let near = numbers(texts).into_iter().flat_map(|it| [it, it.saturating_add(1), it.saturating_sub(1)]);
            let most = if base == "smallint" { i64::from(i16::MAX) } else { i64::from(i32::MAX) };
            near.filter(|it| (-most..=most).contains(it)).map(|it| literal(&it.to_string())).collect()
        }
        // When a row was made says nothing of who may read it; a time that somebody sets may.
        "date" | "timestamp with time zone" | "timestamp without time zone" if act == Act::Select => Vec::new(),
        "date" | "timestamp with time zone" | "timestamp without time zone" => {
            let times = ["now()", "(now() - interval '100 years')", "(now() + interval '100 years')"];
            times.iter().map(|it| format!("{it}::{data_type}")).collect()
        }
        "text" | "character varying" | "character" => {
            let mut words = words();
            // A pattern stands for a text that it fits.
            let fits = |it: &String| it.contains('%').then(|| it.replace('%', "").replace('_', "x"));
            let of_patterns: Vec<String> = words.iter().filter_map(fits).collect();
            if act == Act::Select {
                // A word may say that the row is there for others; a pattern asks what it is about.
                words = of_patterns;
            } else if known.is_empty() {
                words.splice(0..0, of_patterns);
                words.push(String::new());
            } else {
                words.retain(|it| known.contains(it));
                words.extend(known);
            }
            words.iter().map(|it| literal(it)).collect()
        }
        "json" | "jsonb" => {
            let words = words();
            let object = |key: &String, value: serde_json::Value| {
                literal(&serde_json::Value::from(serde_json::Map::from_iter([(key.clone(), value)])).to_string())
            };
            let pairs = words.windows(2).map(|it| object(&it[0], serde_json::Value::from(it[1].as_str())));
            let marks = words.iter().map(|it| object(it, serde_json::Value::from(true)));
            pairs.chain(marks).collect()
        }
        _ if !known.is_empty() => {
            let mut words = words();
            words.retain(|it| known.contains(it));
            words.extend(known);
            words.iter().map(|it| literal(it)).collect()
        }
        "text[]" | "character varying[]" => {
            words().iter().map(|it| format!("array[{}]::{data_type}", literal_of(it, "text"))).collect()
        }
        _ => Vec::new(),
    };
    found.extend(default.filter(|_| act != Act::Select || base.starts_with("timestamp") || base == "date"));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|it| seen.insert(it.clone()));
    found.truncate(MOST - 1);
    found
}

/// The whole numbers of conditions.
fn numbers(texts: &[String]) -> Vec<i64> {
    let mut found = Vec::new();
    for text in texts {
        let tokens = sql::significant(text);
        for token in tokens.iter().filter(|it| matches!(it.kind, Token::Number | Token::String)) {
            let number = token.span.of(text).trim_matches('\'').split('.').next().and_then(|it| it.parse().ok());
            if let Some(number) = number.filter(|it| !found.contains(it)) {
                found.push(number);
            }
        }
    }
    found
}
