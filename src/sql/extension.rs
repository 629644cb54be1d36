//! Statements about extensions, which a local server may lack.

use super::cursor::Cursor;
use super::statement::Statement;
use super::token::{Kind, significant};

/// What is done to the extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// `CREATE EXTENSION`.
    Create,
    /// `ALTER EXTENSION`.
    Alter,
    /// `DROP EXTENSION`.
    Drop,
    /// `COMMENT ON EXTENSION`.
    Comment,
}

/// A statement about extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionStatement {
    /// What is done.
    pub action: Action,
    /// The extension, without quotes.
    pub name: String,
    /// The other extensions of a `DROP EXTENSION a, b`, without quotes.
    pub others: Vec<String>,
    /// The schema of `CREATE … SCHEMA s`, without quotes.
    pub schema: Option<String>,
    /// Whether `CREATE … CASCADE` makes the extensions that it needs as well.
    pub cascade: bool,
}

/// Reads a statement about extensions; `None` for all others.
#[must_use]
pub fn extension(statement: &Statement, text: &str) -> Option<ExtensionStatement> {
    let action = match statement.kind.as_str() {
        "CREATE EXTENSION" => Action::Create,
        "ALTER EXTENSION" => Action::Alter,
        "DROP EXTENSION" => Action::Drop,
        "COMMENT" if statement.object.as_ref().is_some_and(|object| object.kind == "extension") => Action::Comment,
        _ => return None,
    };
    let sql = statement.span.of(text);
    let tokens = significant(sql);
    let mut cursor = Cursor::new(sql, &tokens);
    cursor.seek(&["extension"]);
    cursor.advance();
    cursor.take_if_exists();
    let name = identifier(&mut cursor)?;
    let mut others = Vec::new();
    while cursor.kind() == Some(Kind::Comma) {
        cursor.advance();
        others.extend(identifier(&mut cursor));
    }
    let cascade = action == Action::Create && cursor.has(&["cascade"]);
    let schema = (action == Action::Create && cursor.seek(&["schema"])).then(|| {
        cursor.advance();
        identifier(&mut cursor)
    });
    Some(ExtensionStatement { action, name, others, schema: schema.flatten(), cascade })
}

/// An identifier as the server keeps it: without quotes, or in lower case.
fn identifier(cursor: &mut Cursor<'_>) -> Option<String> {
    let kind = cursor.kind()?;
    let name = cursor.name()?;
    Some(match kind {
        Kind::Quoted => name.trim_matches('"').replace("\"\"", "\""),
        _ => name.to_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::split;
    use super::*;

    fn read(sql: &str) -> Option<ExtensionStatement> {
        extension(&split(sql).unwrap()[0], sql)
    }

    #[test]
    fn reads_names_without_quotes() {
        let created = read("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA \"extensions\" CASCADE").unwrap();
        assert_eq!((created.action, created.name.as_str()), (Action::Create, "uuid-ossp"));
        assert_eq!((created.schema.as_deref(), created.cascade), (Some("extensions"), true));
        let dropped = read("drop extension if exists PG_Cron, b cascade").unwrap();
        assert_eq!((dropped.name.as_str(), dropped.others), ("pg_cron", vec!["b".to_owned()]));
        assert_eq!(read("comment on extension pg_net is 'x'").unwrap().action, Action::Comment);
        assert_eq!(read("alter extension a set schema b").unwrap().schema, None);
        assert_eq!(read("create table extension (a int)"), None);
    }
}
