//! Where the migrations make what is at fault, and which tables they state to be public.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Id, Kind, Object};
use crate::sql::ast::{Name, Stmt, StmtKind};
use crate::sql::parse::parse;
use crate::sql::{Kind as Token, Tokens};
use crate::text::Source;

/// A place in a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The file, as it is shown.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
}

impl std::fmt::Display for Placed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.path, self.line)
    }
}

/// The places of objects, and what is stated to be public.
#[derive(Debug, Clone, Default)]
pub struct Places {
    made: Vec<(Key, Placed)>,
    public: Vec<(Key, Placed)>,
    /// Statements of it that stand at no table.
    pub astray: Vec<Placed>,
}

/// What a statement names; a schema only where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    kind: Kind,
    schema: Option<String>,
    name: String,
    part: String,
}

impl Key {
    fn of(kind: Kind, name: &Name, part: &str) -> Self {
        Self { kind, schema: name.schema().map(str::to_owned), name: name.object().to_owned(), part: part.to_owned() }
    }

    fn fits(&self, id: &Id) -> bool {
        // A function's part is its arguments, which the place need not tell apart.
        let part = id.kind == Kind::Function || self.part == id.part;
        let same_schema = self.schema.as_ref().is_none_or(|schema| *schema == id.schema);
        self.kind == id.kind && self.name == id.name && part && same_schema
    }
}

impl Places {
    /// Reads the migrations, oldest first.
    pub fn read<'a>(sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let mut places = Self::default();
        for source in sources {
            places.file(source);
        }
        places
    }

    fn file(&mut self, source: &Source) {
        let statements = parse(source.text()).statements;
        let at = |byte: usize| Placed { path: source.name().to_owned(), line: source.position(byte).line };
        for stmt in &statements {
            if let Some(key) = made(stmt) {
                self.made.push((key, at(stmt.span.start)));
            }
        }
        for comment in Tokens::new(source.text()).filter(|token| token.kind == Token::LineComment) {
            if !is_public(comment.span.of(source.text())) {
                continue;
            }
            let begin = comment.span.start;
            let line = source.text()[..begin].rfind('\n').map_or(0, |at| at + 1);
            let within = statements.iter().find(|it| it.span.start <= begin && begin < it.span.end);
            // Behind a statement on its last line, or before the next one.
            let behind = || statements.iter().find(|it| line <= it.span.end && it.span.end <= begin);
            let before = || statements.iter().find(|it| it.span.start >= begin);
            match within.or_else(behind).or_else(before).and_then(table) {
                Some(key) => self.public.push((key, at(begin))),
                None => self.astray.push(at(begin)),
            }
        }
    }

    /// Where an object is made; the last place counts.
    pub fn find(&self, id: &Id) -> Option<&Placed> {
        self.made.iter().rev().find(|(key, _)| key.fits(id)).map(|(_, placed)| placed)
    }

    /// Where a table is stated to be public: in a migration, or in its comment.
    pub fn public(&self, catalog: &Catalog) -> BTreeMap<Id, String> {
        let mut found = BTreeMap::new();
        for (id, entry) in catalog.entries.iter().filter(|(_, entry)| matches!(entry.object, Object::Table(_))) {
            if let Some((_, placed)) = self.public.iter().find(|(key, _)| key.fits(id)) {
                found.insert(id.clone(), placed.to_string());
            } else if entry.comment.as_deref().is_some_and(|comment| is_public(&format!("--{comment}"))) {
                found.insert(id.clone(), "its comment".to_owned());
            }
        }
        found
    }
}

/// Whether a comment states that a table is public: `-- dbctl: public`, also with a reason behind it.
fn is_public(comment: &str) -> bool {
    let said = comment.trim_start_matches('-').trim().to_ascii_lowercase();
    let rest = said.strip_prefix("dbctl:").map(str::trim_start).and_then(|rest| rest.strip_prefix("public"));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', ':', ',', '-', '(']))
}

/// What a statement makes or says anew.
fn made(stmt: &Stmt) -> Option<Key> {
    Some(match &stmt.kind {
        StmtKind::CreateTable(it) if !it.foreign => Key::of(Kind::Table, &it.name, ""),
        StmtKind::CreateTableAs(it) => Key::of(Kind::Table, &it.name, ""),
        StmtKind::CreateView(it) if it.materialized => Key::of(Kind::MaterializedView, &it.name, ""),
        StmtKind::CreateView(it) => Key::of(Kind::View, &it.name, ""),
        StmtKind::CreateRoutine(it) => Key::of(Kind::Function, &it.name, ""),
        StmtKind::CreatePolicy(it) => Key::of(Kind::Policy, &it.table, &it.name.value),
        StmtKind::AlterPolicy(it) => {
            Key::of(Kind::Policy, &it.table, it.rename.as_ref().map_or(&it.name.value, |name| &name.value))
        }
        _ => return None,
    })
}

/// The table that a statement is about.
fn table(stmt: &Stmt) -> Option<Key> {
    Some(match &stmt.kind {
        StmtKind::CreateTable(it) => Key::of(Kind::Table, &it.name, ""),
        StmtKind::CreateTableAs(it) => Key::of(Kind::Table, &it.name, ""),
        StmtKind::AlterTable(it) => Key::of(Kind::Table, &it.name, ""),
        StmtKind::CreatePolicy(it) => Key::of(Kind::Table, &it.table, ""),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Entry, Table};

    fn public(text: &str, table: &str) -> Option<String> {
        let mut catalog = Catalog::default();
        let id = Id::new(Kind::Table, "public", table);
        let entry = Entry {
            object: Object::Table(Table::default()),
            owner: String::new(),
            acl: std::collections::BTreeSet::new(),
            grantees: Vec::new(),
            comment: None,
            labels: BTreeMap::new(),
        };
        catalog.entries.insert(id.clone(), entry);
        let source = Source::new("a.sql", text.to_owned());
        Places::read([&source]).public(&catalog).remove(&id)
    }

    #[test]
    fn a_comment_at_a_table_states_that_it_is_public() {
        for text in [
            "select 1;\n-- dbctl: public\ncreate table t (a int);",
            "-- dbctl:public because prices are\n-- shown to all\n\ncreate table if not exists public.t (a int);",
            "create table t ( -- dbctl: public\n a int);",
            "create table t (a int); -- dbctl: Public: prices\ncreate table u (a int);",
            "-- dbctl: public\nalter table t enable row level security;",
        ] {
            assert!(public(text, "t").is_some(), "{text}");
            assert!(public(text, "u").is_none(), "{text}");
        }
        assert!(public("-- dbctl: publicly\ncreate table t (a int);", "t").is_none());
        assert!(public("select '\n-- dbctl: public\n';\ncreate table t (a int);", "t").is_none());
    }

    #[test]
    fn a_policy_is_where_it_was_last_made() {
        let text = "create policy p on t using (true);\ndrop policy p on t;\ncreate policy p on public.t using (a);";
        let source = Source::new("a.sql", text.to_owned());
        let places = Places::read([&source]);
        let found = places.find(&Id::part(Kind::Policy, "public", "t", "p"));
        assert_eq!(found.map(ToString::to_string), Some("a.sql:3".to_owned()));
        let astray = Source::new("b.sql", "-- dbctl: public\nselect 1;");
        assert_eq!(Places::read([&astray]).astray.len(), 1);
    }
}
