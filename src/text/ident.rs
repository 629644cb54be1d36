//! Quoting of SQL identifiers and literals.

/// Quotes an identifier always, so that a reserved word or an upper-case letter keeps its meaning.
///
/// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS>
#[must_use]
pub fn quote_ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Quotes a string literal so that it means the same whatever `standard_conforming_strings` says.
///
/// A backslash makes it an escape string (`E'…'`), as PostgreSQL's own `quote_literal` does. NUL cannot stand
/// in a PostgreSQL string and is left out.
#[must_use]
pub fn quote_literal(value: &str) -> String {
    let value = value.replace('\0', "").replace('\'', "''");
    if value.contains('\\') { format!("E'{}'", value.replace('\\', "\\\\")) } else { format!("'{value}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_what_would_end_the_quotes() {
        assert_eq!(quote_ident("a\"b"), "\"a\"\"b\"");
        assert_eq!(quote_literal("it's"), "'it''s'");
        assert_eq!(quote_literal("a\\b"), "E'a\\\\b'");
    }
}
