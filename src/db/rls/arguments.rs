//! Values for the arguments of functions: those of another tenant and of whoever asks, by name first and by type then.

use super::prober::Prober;
use crate::catalog::{Argument, Id, Object};
use crate::rls::{Actor, Row, Subject, literal_of, primary_key};
use crate::text::{quote_ident, quote_literal};

/// In how many ways a function is called at most.
const MOST: usize = 40;

/// How many values of an argument go together with those of others.
const MOST_TOGETHER: usize = 4;

/// How many values of one argument are tried by themselves.
const MOST_ALONE: usize = 16;

/// Names of what only those know to whom it was given: such a value of another's row is no guess.
const SECRETS: [&str; 8] = ["token", "secret", "code", "password", "hash", "otp", "signature", "nonce"];

impl<'a> Prober<'a> {
    /// The ways to call a function, the likeliest first.
    pub(super) fn ways(&self, arguments: &[&Argument], actor: &Actor, is_dynamic: bool) -> Vec<Vec<String>> {
        let needed: Vec<&Argument> = arguments.iter().copied().filter(|it| it.default.is_none()).collect();
        if needed.is_empty() && arguments.iter().all(|it| it.name.is_empty()) {
            return vec![Vec::new()];
        }
        let given: Vec<&Argument> = if needed.is_empty() { Vec::new() } else { needed };
        let group = usize::from(actor.group == Some(0));
        let of = |group: usize| -> Vec<Vec<String>> {
            given.iter().map(|it| self.values_for(it, group, is_dynamic)).collect()
        };
        let (theirs, own) = (of(group), actor.group.map(of));
        let mut ways: Vec<Vec<String>> = Vec::new();
        let most = theirs.iter().map(Vec::len).max().unwrap_or(1).min(MOST_ALONE);
        for at in 0..most {
            ways.push(theirs.iter().map(|all| all[at.min(all.len() - 1)].clone()).collect());
        }
        if given.len() > 1 {
            product(&theirs, &mut ways, 2 * MOST_TOGETHER * MOST_TOGETHER / 2);
            // One's own row and the other's tenant, or the other way about.
            for at in (0..given.len()).rev() {
                let Some(own) = &own else { break };
                let mut mixed = own.clone();
                mixed[at].clone_from(&theirs[at]);
                product(&mixed, &mut ways, MOST_TOGETHER * MOST_TOGETHER);
            }
        }
        if let Some(own) = &own {
            for at in 0..own.iter().map(Vec::len).max().unwrap_or_default().min(MOST_TOGETHER) {
                ways.push(own.iter().map(|all| all[at.min(all.len() - 1)].clone()).collect());
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        ways.retain(|way| seen.insert(way.clone()));
        ways.truncate(MOST + MOST_ALONE);
        ways
    }

    /// Values of a group's rows for an argument, the likeliest first; never none.
    fn values_for(&self, argument: &Argument, group: usize, is_dynamic: bool) -> Vec<String> {
        let data_type = argument.data_type.as_str();
        let mut found = match data_type {
            "boolean" => vec!["true".to_owned(), "false".to_owned()],
            "json" | "jsonb" => vec![self.object(group, data_type)],
            "numeric" | "real" | "double precision" => vec![format!("1::{data_type}")],
            "date" | "timestamp with time zone" | "timestamp without time zone" => vec![format!("now()::{data_type}")],
            _ => match data_type.strip_suffix("[]") {
                Some(of) => self
                    .simple(&argument.name, of, group)
                    .iter()
                    .map(|it| format!("array[{it}]::{data_type}"))
                    .collect(),
                None => self.simple(&argument.name, data_type, group),
            },
        };
        if is_dynamic && is_text(data_type) {
            let names = self.subjects.all().map(|it| literal_of(&it.table.name, data_type)).take(MOST_TOGETHER);
            found.splice(0..0, names);
        }
        let mut seen = std::collections::BTreeSet::new();
        found.retain(|it| seen.insert(it.clone()));
        if found.is_empty() {
            found.push(match data_type {
                _ if is_text(data_type) => format!("''::{data_type}"),
                "uuid" => "gen_random_uuid()".to_owned(),
                "bigint" | "integer" | "smallint" => format!("10::{data_type}"),
                _ => format!("null::{data_type}"),
            });
        }
        found
    }

    /// The row of a group in a table.
    fn row(&self, table: &Id, group: usize) -> Option<&Row> {
        self.rows.get(table)?.iter().find(|row| row.group == Some(group))
    }

    fn simple(&self, name: &str, data_type: &str, group: usize) -> Vec<String> {
        let literal = |value: &str| literal_of(value, data_type);
        let enums = self.catalog.entries.iter().find_map(|(id, entry)| match &entry.object {
            Object::Enum(it) if id.qualified() == data_type => Some(&it.labels),
            _ => None,
        });
        if let Some(labels) = enums {
            return labels.iter().take(MOST_TOGETHER).map(|it| literal(it)).collect();
        }
        let bare = name.trim_start_matches("p_").trim_start_matches('_').trim_end_matches("_in");
        let stem = bare.trim_end_matches("_id").trim_end_matches("_uuid");
        let mut subjects: Vec<&'a Subject> = self.subjects.all().collect();
        // `p_order_id` is most likely the key of `orders`.
        subjects.sort_by_key(|it| {
            let table = it.table.name.as_str();
            let is_named = table == stem || table.trim_end_matches('s') == stem || table.trim_end_matches("es") == stem;
            (!is_named, !it.is_owned(), it.table.schema == "auth")
        });
        let (mut named, mut keys, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for subject in subjects {
            let Some(row) = self.row(&subject.table, group) else { continue };
            if subject.table.qualified() == data_type {
                return vec![self.composite(subject, row)];
            }
            let key =
                primary_key(self.catalog, &subject.table).filter(|key| key.len() == 1).and_then(|mut it| it.pop());
            for (id, _, column) in self.catalog.columns(&subject.table) {
                let Some(value) = row.value(&id.part) else { continue };
                let is_same = column.data_type == data_type;
                let is_key = key.as_ref() == Some(&id.part);
                if is_secret(&id.part) && !is_key {
                    continue;
                }
                if is_same && (id.part == name || id.part == bare) {
                    named.push(literal(value));
                } else if is_key && (is_same || is_text(data_type)) {
                    keys.push(literal(value));
                } else if is_same {
                    others.push(literal(value));
                }
            }
        }
        // A text is more often a name than a key, and a number that is no key a limit.
        let is_number = matches!(data_type, "bigint" | "integer" | "smallint");
        let limit = (is_number && !bare.ends_with("id")).then(|| format!("10::{data_type}"));
        let empty = is_text(data_type).then(|| literal(""));
        let mut found = named;
        found.extend(limit);
        if is_text(data_type) {
            found.extend(empty);
            found.extend(others);
            found.extend(keys);
        } else {
            found.extend(keys);
            found.extend(others);
        }
        found
    }

    /// A row as a value of its table's type.
    fn composite(&self, subject: &Subject, row: &Row) -> String {
        let columns = self.catalog.columns(&subject.table);
        let value = |(id, _, column): &(&Id, &crate::catalog::Entry, &crate::catalog::Column)| {
            row.value(&id.part).map_or_else(|| "null".to_owned(), |value| literal_of(value, &column.data_type))
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        format!("row({})::{}", values.join(", "), subject.table.qualified())
    }

    /// A document with the values of a group under the names of their columns.
    fn object(&self, group: usize, data_type: &str) -> String {
        let mut object = serde_json::Map::new();
        for subject in self.subjects.all().filter(|it| it.is_owned()) {
            let Some(row) = self.row(&subject.table, group) else { continue };
            for (name, value) in row.values.iter().filter(|(name, _)| !is_secret(name)) {
                if let Some(value) = value {
                    object.entry(name.clone()).or_insert_with(|| serde_json::Value::from(value.as_str()));
                }
            }
            let key = primary_key(self.catalog, &subject.table).filter(|key| key.len() == 1);
            if let Some(value) = key.and_then(|key| row.value(&key[0]).map(str::to_owned)) {
                let stem = subject.table.name.trim_end_matches('s');
                object.entry(format!("{stem}_id")).or_insert_with(|| serde_json::Value::from(value));
            }
        }
        format!("{}::{data_type}", quote_literal(&serde_json::Value::from(object).to_string()))
    }

    /// A row put in through a view: with its key and without, by the columns that may be put in.
    pub(super) fn puts(
        &self,
        view: &Id,
        columns: &std::collections::BTreeSet<String>,
        of: &Subject,
        group: usize,
    ) -> Vec<String> {
        let Some(row) = self.row(&of.table, group) else { return Vec::new() };
        let key = primary_key(self.catalog, &of.table).unwrap_or_default();
        let put = |with_key: bool| {
            let all = self.catalog.columns(&of.table);
            let given: Vec<(String, String)> = all
                .iter()
                .filter(|(id, ..)| columns.contains(&id.part) && (with_key || !key.contains(&id.part)))
                .filter_map(|(id, _, column)| {
                    Some((quote_ident(&id.part), literal_of(row.value(&id.part)?, &column.data_type)))
                })
                .collect();
            let (names, values): (Vec<String>, Vec<String>) = given.into_iter().unzip();
            (!names.is_empty()).then(|| {
                format!("insert into {} ({}) values ({})", view.qualified(), names.join(", "), values.join(", "))
            })
        };
        [put(false), put(true)].into_iter().flatten().collect()
    }
}

fn is_text(data_type: &str) -> bool {
    matches!(data_type, "text" | "character varying" | "citext" | "name")
}

fn is_secret(name: &str) -> bool {
    SECRETS.iter().any(|word| name.contains(word))
}

/// All that goes together of the first values of each argument, up to a number.
fn product(choices: &[Vec<String>], ways: &mut Vec<Vec<String>>, most: usize) {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for values in choices {
        let mut next = Vec::new();
        for way in &all {
            for value in values.iter().take(MOST_TOGETHER) {
                let mut way = way.clone();
                way.push(value.clone());
                next.push(way);
            }
        }
        next.truncate(most);
        all = next;
    }
    ways.extend(all);
}
