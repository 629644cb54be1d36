//! The values that seeded rows must have so that a row is its group's and nobody else's: keys, owners, roles, what is not shared.

use std::collections::BTreeMap;

use super::admin::{AdminWay, is_word};
use super::read::{Facts, Reading};
use super::subject::{Subject, Subjects, foreign_keys, primary_key};
use crate::catalog::{Catalog, Column, Constraint, ConstraintType, Id, Kind, Object};
use crate::sql::{self, Kind as Token};
use crate::text::quote_literal;

/// The letters of the groups: tenant A, tenant B, and the administrator with what is his.
const LETTERS: [char; 3] = ['a', 'b', 'c'];

/// Names of columns that share a row with everybody where they are true.
const SHARES: [&str; 15] = [
    "is_public",
    "public",
    "is_published",
    "published",
    "shared",
    "is_shared",
    "is_listed",
    "listed",
    "is_visible",
    "visible",
    "is_global",
    "is_template",
    "is_featured",
    "featured",
    "discoverable",
];

/// Names of columns that share a row by a word.
const SHARES_BY_WORD: [&str; 6] = ["visibility", "sharing", "access", "privacy", "status", "state"];

/// Words that share nothing.
const PRIVATE: [&str; 6] = ["private", "draft", "hidden", "internal", "restricted", "members"];

/// Names of columns that hide a row where they are set.
const HIDES: [&str; 7] =
    ["deleted_at", "archived_at", "removed_at", "revoked_at", "disabled_at", "banned_until", "is_deleted"];

/// Words for somebody who is nothing special.
const PLAIN: [&str; 8] = ["member", "user", "viewer", "basic", "customer", "employee", "student", "guest"];

/// Whether a column shares a row with others by its value.
pub fn is_shared_by_value(column: &str) -> bool {
    SHARES.contains(&column) || SHARES_BY_WORD.contains(&column)
}

/// What a seeded key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    User,
    Tenant,
}

/// The value of a group's user or tenant in a type, as it is without quotes.
fn raw(of: Of, group: usize, data_type: &str) -> Option<String> {
    let letter = LETTERS.get(group)?;
    let (word, digits, hundred) = match of {
        Of::User => ("user", "000000000001", 100),
        Of::Tenant => ("tenant", "0000000000f1", 200),
    };
    let eight: String = std::iter::repeat_n(*letter, 8).collect();
    match data_type {
        "uuid" => Some(format!("{eight}-0000-4000-8000-{digits}")),
        "bigint" | "integer" | "smallint" => Some((hundred + group + 1).to_string()),
        "text" | "character varying" | "public.citext" | "extensions.citext" => Some(format!("{word}-{letter}")),
        it if it.starts_with("character varying(") => Some(format!("{word}-{letter}")),
        _ => None,
    }
}

/// A literal of a type.
pub fn literal_of(value: &str, data_type: &str) -> String {
    format!("{}::{data_type}", quote_literal(value))
}

/// What columns of the tables have to hold, by group.
pub fn fixed(catalog: &Catalog, facts: &Facts, subjects: &Subjects) -> BTreeMap<(Id, String), Vec<String>> {
    let mut fixed = BTreeMap::new();
    let all = LETTERS.len();
    let keys = foreign_keys(catalog);
    let is_key = |table: &Id, column: &str| {
        keys.iter().any(|key| key.table == *table && key.columns.iter().any(|it| it == column))
    };
    let mut set = |table: &Id, column: &str, values: Option<Vec<String>>| {
        if let Some(values) = values {
            fixed.entry((table.clone(), column.to_owned())).or_insert(values);
        }
    };
    let by_group = |of: Of, data_type: &str| -> Option<Vec<String>> {
        (0..all).map(|group| Some(literal_of(&raw(of, group, data_type)?, data_type))).collect()
    };
    for (table, of) in
        subjects.users.iter().map(|it| (it, Of::User)).chain(subjects.tenants.iter().map(|it| (it, Of::Tenant)))
    {
        for column in primary_key(catalog, table).filter(|key| key.len() == 1).iter().flatten() {
            if let Some(it) = writable(catalog, table, column).filter(|_| !is_key(table, column)) {
                set(table, column, by_group(of, &it.data_type));
            }
        }
    }
    if let Some(users) = subjects.users.as_ref().filter(|id| id.schema == "auth") {
        let address = |group: usize| format!("'{}@dbctl.test'", LETTERS[group]);
        set(users, "email", Some((0..all).map(address).collect()));
        set(users, "raw_user_meta_data", Some(vec!["'{}'::jsonb".to_owned(); all]));
        set(users, "raw_app_meta_data", Some(vec!["'{}'::jsonb".to_owned(); all]));
        set(users, "is_sso_user", Some(vec!["false".to_owned(); all]));
    }
    for way in &facts.admin {
        if let AdminWay::Column { table, column, value } = way
            && let Some(it) = writable(catalog, table, column)
        {
            let (plain, special) = match value {
                None => ("false".to_owned(), "true".to_owned()),
                Some(value) => (
                    literal_of(&plain_word(catalog, table, column, it), &it.data_type),
                    literal_of(value, &it.data_type),
                ),
            };
            set(table, column, Some(vec![plain.clone(), plain, special]));
        }
    }
    for comparison in &facts.comparisons {
        if comparison.reading == Reading::Email
            && let Some(it) = writable(catalog, &comparison.table, &comparison.column)
        {
            let address = |group: usize| literal_of(&format!("{}@dbctl.test", LETTERS[group]), &it.data_type);
            set(&comparison.table, &comparison.column, Some((0..all).map(address).collect()));
        }
    }
    for subject in subjects.all() {
        let table = &subject.table;
        for column in subject.tenant.iter().filter(|column| !is_key(table, column)) {
            if let Some(it) = writable(catalog, table, column) {
                set(table, column, by_group(Of::Tenant, &it.data_type));
            }
        }
        for column in subject.users.iter().filter(|column| !is_key(table, column)) {
            if let Some(it) = writable(catalog, table, column) {
                set(table, column, by_group(Of::User, &it.data_type));
            }
        }
        if subject.is_owned() {
            for (column, value) in unshared(catalog, subject) {
                set(table, &column, Some(vec![value; all]));
            }
        }
    }
    fixed
}

/// The columns of a table that share or hide its rows, with the value at which they do neither.
fn unshared(catalog: &Catalog, subject: &Subject) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (id, _, column) in catalog.columns(&subject.table) {
        let name = id.part.as_str();
        if column.generated.is_some() || column.identity.is_some() {
            continue;
        }
        let is_flag = column.data_type == "boolean";
        let value = if is_flag && (SHARES.contains(&name) || name == "is_deleted" || name == "archived") {
            Some("false".to_owned())
        } else if is_flag && matches!(name, "is_active" | "active" | "enabled" | "is_enabled") {
            Some("true".to_owned())
        } else if HIDES.contains(&name) && column.not_null.is_none() {
            Some("null".to_owned())
        } else if SHARES_BY_WORD.contains(&name) {
            let mut words = allowed(catalog, &subject.table, name, column);
            if words.is_empty()
                && let Some(Object::Default(it)) =
                    catalog.get(&subject.table.beside(Kind::Default, name)).map(|entry| &entry.object)
            {
                words = strings(&it.expression);
            }
            let is_open = words.is_empty() && column.data_type == "text" && !matches!(name, "status" | "state");
            let word = PRIVATE.iter().find(|word| words.iter().any(|it| it == *word));
            word.or(is_open.then_some(&PRIVATE[0])).map(|word| literal_of(word, &column.data_type))
        } else if matches!(name, "expires_at" | "valid_until") && column.data_type.starts_with("timestamp") {
            Some("(now() + interval '1 year')".to_owned())
        } else {
            None
        };
        found.extend(value.map(|value| (name.to_owned(), value)));
    }
    found
}

/// A column that takes values.
fn writable<'a>(catalog: &'a Catalog, table: &Id, column: &str) -> Option<&'a Column> {
    match catalog.get(&table.beside(Kind::Column, column)).map(|entry| &entry.object) {
        Some(Object::Column(it)) if it.generated.is_none() && it.identity.as_ref().is_none_or(|it| !it.always) => {
            Some(it)
        }
        _ => None,
    }
}

/// A value of a column of roles that makes nobody an administrator.
fn plain_word(catalog: &Catalog, table: &Id, column: &str, it: &Column) -> String {
    let words = allowed(catalog, table, column, it);
    let known = PLAIN.iter().find(|word| words.iter().any(|it| it == *word)).map(|word| (*word).to_owned());
    let other = || words.iter().find(|word| !is_word(word)).cloned();
    let default = || match catalog.get(&table.beside(Kind::Default, column)).map(|entry| &entry.object) {
        Some(Object::Default(it)) => strings(&it.expression).into_iter().find(|word| !is_word(word)),
        _ => None,
    };
    known.or_else(other).or_else(default).unwrap_or_else(|| "member".to_owned())
}

/// The words that a column may hold, where its type or a check says so.
pub(super) fn allowed(catalog: &Catalog, table: &Id, column: &str, it: &Column) -> Vec<String> {
    let of_type = catalog.entries.iter().find_map(|(id, entry)| match &entry.object {
        Object::Enum(it_is) if id.qualified() == it.data_type => Some(it_is.labels.clone()),
        _ => None,
    });
    if let Some(labels) = of_type {
        return labels;
    }
    let check = |it: &Constraint| it.what == ConstraintType::Check && it.columns == [column];
    let checks = catalog.parts(table, Kind::Constraint).filter_map(|(_, entry)| match &entry.object {
        Object::Constraint(it) if check(it) => Some(strings(&it.definition)),
        _ => None,
    });
    checks.flatten().collect()
}

/// The string literals of an expression.
pub(super) fn strings(text: &str) -> Vec<String> {
    let tokens = sql::significant(text);
    let strings = tokens.iter().filter(|token| token.kind == Token::String).map(|token| token.span.of(text));
    strings.filter_map(|it| Some(it.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"))).collect()
}
