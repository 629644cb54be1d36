//! Options in parentheses, and literals.

use crate::catalog::Options;
use crate::text::bare_ident;

/// A text as a literal, whatever `standard_conforming_strings` is.
///
/// <https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE>
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

/// The name of a storage parameter, which may stand in a space of its own: `toast.autovacuum_enabled`.
fn parameter(name: &str) -> String {
    name.split('.').map(bare_ident).collect::<Vec<_>>().join(".")
}

fn value<'a>(options: &'a Options, name: &str) -> Option<&'a str> {
    options.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Storage parameters: `fillfactor='70', toast.autovacuum_enabled='false'`.
pub fn storage(options: &Options) -> String {
    options.iter().map(|(name, value)| format!("{}={}", parameter(name), literal(value))).collect::<Vec<_>>().join(", ")
}

/// `set (…)` and `reset (…)` that turn some storage parameters into others. Their order means nothing.
pub fn storage_changes(old: &Options, new: &Options) -> Vec<String> {
    let mut changes = Vec::new();
    let is_new = |(name, wanted): &&(String, String)| value(old, name) != Some(wanted);
    let is_gone = |(name, _): &&(String, String)| value(new, name).is_none();
    let set: Options = new.iter().filter(is_new).cloned().collect();
    if !set.is_empty() {
        // What is set goes behind what stays: where that gives another order, all are set.
        let stays = old.iter().filter(|(name, _)| value(new, name).is_some() && value(&set, name).is_none());
        let in_order = stays.chain(&set).map(|(name, _)| name).eq(new.iter().map(|(name, _)| name));
        changes.push(format!("set ({})", storage(if in_order { &set } else { new })));
    }
    let gone: Vec<String> = old.iter().filter(is_gone).map(|(name, _)| parameter(name)).collect();
    if !gone.is_empty() {
        changes.push(format!("reset ({})", gone.join(", ")));
    }
    changes
}

/// Options of foreign objects: `host 'a', port '1'`.
pub fn foreign(options: &Options) -> String {
    options
        .iter()
        .map(|(name, value)| format!("{} {}", bare_ident(name), literal(value)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `options (set a '1', add b '2', drop c)`; none where nothing differs.
pub fn foreign_changes(old: &Options, new: &Options) -> Option<String> {
    let mut changes = Vec::new();
    for (name, wanted) in new {
        match value(old, name) {
            None => changes.push(format!("add {} {}", bare_ident(name), literal(wanted))),
            Some(before) if before != wanted => changes.push(format!("set {} {}", bare_ident(name), literal(wanted))),
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|(name, _)| value(new, name).is_none());
    changes.extend(gone.map(|(name, _)| format!("drop {}", bare_ident(name))));
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
        let list = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let (old, new) = (list(&[("fillfactor", "70"), ("user", "x")]), list(&[("fillfactor", "80")]));
        assert_eq!(storage_changes(&old, &new), ["set (fillfactor='80')", "reset (\"user\")"]);
        assert_eq!(foreign_changes(&old, &new).as_deref(), Some("options (set fillfactor '80', drop \"user\")"));
        let (old, new) = (list(&[("a", "1")]), list(&[("b", "1"), ("a", "1")]));
        assert_eq!(storage_changes(&old, &new), ["set (b='1', a='1')"]);
    }
}
