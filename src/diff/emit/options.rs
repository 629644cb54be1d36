//! Options in parentheses, and literals.

use std::collections::BTreeMap;

use crate::text::bare_ident;

/// A text as a literal, whatever `standard_conforming_strings` is.
///
/// <https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE>
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

/// Storage parameters: `fillfactor='70', toast.autovacuum_enabled='false'`.
pub fn storage(options: &BTreeMap<String, String>) -> String {
    let one = |(name, value): (&String, &String)| {
        let name = name.split('.').map(bare_ident).collect::<Vec<_>>().join(".");
        format!("{name}={}", literal(value))
    };
    options.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `set (…)` and `reset (…)` that turn some storage parameters into others.
pub fn storage_changes(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<String> {
    let mut changes = Vec::new();
    let set: BTreeMap<_, _> =
        new.iter().filter(|(name, value)| old.get(*name) != Some(value)).map(|(a, b)| (a.clone(), b.clone())).collect();
    if !set.is_empty() {
        changes.push(format!("set ({})", storage(&set)));
    }
    let gone: Vec<_> = old
        .keys()
        .filter(|name| !new.contains_key(*name))
        .map(|name| name.split('.').map(bare_ident).collect::<Vec<_>>().join("."))
        .collect();
    if !gone.is_empty() {
        changes.push(format!("reset ({})", gone.join(", ")));
    }
    changes
}

/// Options of foreign objects: `options (host 'a', port '1')` without the word.
pub fn foreign(options: &BTreeMap<String, String>) -> String {
    options.iter().map(|(name, value)| format!("{} {}", bare_ident(name), literal(value))).collect::<Vec<_>>().join(", ")
}

/// `options (set a '1', add b '2', drop c)`; none where nothing differs.
pub fn foreign_changes(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Option<String> {
    let mut changes = Vec::new();
    for (name, value) in new {
        match old.get(name) {
            None => changes.push(format!("add {} {}", bare_ident(name), literal(value))),
            Some(before) if before != value => changes.push(format!("set {} {}", bare_ident(name), literal(value))),
            Some(_) => {}
        }
    }
    changes.extend(old.keys().filter(|name| !new.contains_key(*name)).map(|name| format!("drop {}", bare_ident(name))));
    (!changes.is_empty()).then(|| format!("options ({})", changes.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_mean_what_they_say() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal(r"a\b"), r"E'a\\b'");
    }

    #[test]
    fn options_are_set_and_reset() {
        let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let (old, new) = (map(&[("fillfactor", "70"), ("user", "x")]), map(&[("fillfactor", "80")]));
        assert_eq!(storage_changes(&old, &new), ["set (fillfactor='80')", "reset (\"user\")"]);
        assert_eq!(foreign_changes(&old, &new).as_deref(), Some("options (set fillfactor '80', drop \"user\")"));
    }
}
