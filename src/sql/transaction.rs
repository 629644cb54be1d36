//! What statements and whole files ask of the transaction that they run in.

use super::cursor::Cursor;
use super::statement::{Statement, TxControl};
use super::token::{Kind, significant};

/// How a file is to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTransaction {
    /// In one transaction or not.
    pub mode: Mode,
    /// The indexes (from 0) of the `BEGIN` and `COMMIT` that wrap the whole file, which then runs in dbctl's own
    /// transaction without these two.
    pub wrapper: Option<(usize, usize)>,
}

/// In one transaction or not, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The whole file in one transaction.
    Transaction,
    /// Each statement by itself, as a statement needs it.
    NoTransaction {
        /// Why; a phrase for people.
        why: &'static str,
        /// The index (from 0) of the statement.
        statement: usize,
    },
    /// The file begins and ends its own transactions.
    SelfManaged {
        /// The index (from 0) of the first statement that does.
        statement: usize,
    },
}

/// Decides how the statements of a file are to be run.
///
/// A wrapper without options around the whole file gives way to dbctl's transaction, so that the history is written
/// in it. Savepoints stay inside any transaction.
#[must_use]
pub fn analyse(text: &str, statements: &[Statement]) -> FileTransaction {
    let controls: Vec<usize> = statements
        .iter()
        .enumerate()
        .filter(|(_, statement)| statement.control.is_some_and(|control| control != TxControl::Savepoint))
        .map(|(index, _)| index)
        .collect();
    if let [begin, commit] = controls[..]
        && begin == 0
        && commit + 1 == statements.len()
        && statements[begin].control == Some(TxControl::Begin { plain: true })
        && statements[commit].control == Some(TxControl::Commit { plain: true })
    {
        // Where the author says BEGIN, a statement that cannot run there is the server's to refuse.
        return FileTransaction { mode: Mode::Transaction, wrapper: Some((begin, commit)) };
    }
    let alone = statements.iter().enumerate().find_map(|(index, statement)| Some((index, statement.alone?)));
    let mode = if let Some(&statement) = controls.first() {
        Mode::SelfManaged { statement }
    } else if let Some((statement, why)) = alone {
        Mode::NoTransaction { why, statement }
    } else if let Some(statement) = used_enum_value(text, statements) {
        Mode::NoTransaction { why: "a new enum value cannot be used before it is committed", statement }
    } else {
        Mode::Transaction
    };
    FileTransaction { mode, wrapper: None }
}

/// The `ALTER TYPE … ADD VALUE` whose value a later statement of the file uses.
///
/// The value is unusable until it is committed, unless the type is new too:
/// <https://www.postgresql.org/docs/current/sql-altertype.html>. A function body other than SQL's is not run when it
/// is created, so it does not count; the code of DO does.
fn used_enum_value(text: &str, statements: &[Statement]) -> Option<usize> {
    let mut created: Vec<String> = Vec::new();
    for (index, statement) in statements.iter().enumerate() {
        let type_name = || statement.object.as_ref().map(|object| unqualified(&object.name));
        if statement.kind == "CREATE TYPE" {
            created.extend(type_name());
        }
        let Some(value) = added_value(text, statement) else { continue };
        if type_name().is_some_and(|name| created.contains(&name)) {
            continue;
        }
        if statements[index + 1..].iter().any(|later| uses(text, later, &value)) {
            return Some(index);
        }
    }
    None
}

fn unqualified(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).trim_matches('"').to_ascii_lowercase()
}

fn added_value(text: &str, statement: &Statement) -> Option<String> {
    if statement.kind != "ALTER TYPE" {
        return None;
    }
    let tokens = significant(statement.span.of(text));
    let mut cursor = Cursor::new(statement.span.of(text), &tokens);
    if !cursor.seek(&["add"]) || !cursor.take_phrase("add value") {
        return None;
    }
    cursor.take_if_exists();
    cursor.string().map(str::to_owned)
}

/// Whether a statement that PostgreSQL evaluates holds the constant `value` (with its quotes).
fn uses(text: &str, statement: &Statement, value: &str) -> bool {
    if matches!(statement.kind.as_str(), "ALTER TYPE" | "COMMENT") {
        return false;
    }
    let sql = statement.span.of(text);
    let tokens = significant(sql);
    let runs_body = statement.kind == "DO" || {
        let mut cursor = Cursor::new(sql, &tokens);
        cursor.seek(&["language"])
            && cursor.take("language")
            && cursor.peek().trim_matches('\'').eq_ignore_ascii_case("sql")
    };
    tokens.iter().filter(|token| token.kind == Kind::String).any(|token| {
        let constant = token.span.of(sql);
        constant == value || runs_body && constant.starts_with('$') && constant.contains(value)
    })
}

/// What the statement does to its transaction.
pub(super) fn control(mut cursor: Cursor<'_>) -> Option<TxControl> {
    let rest_is_plain = |mut cursor: Cursor<'_>| {
        cursor.take_any(&["work", "transaction"]);
        cursor.take_phrase("and no chain");
        cursor.is_at_end()
    };
    if cursor.take("begin") || cursor.take_phrase("start transaction") {
        Some(TxControl::Begin { plain: rest_is_plain(cursor) })
    } else if cursor.take_any(&["commit", "end"]) {
        Some(if cursor.is("prepared") {
            TxControl::Prepared
        } else {
            TxControl::Commit { plain: rest_is_plain(cursor) }
        })
    } else if cursor.take_any(&["rollback", "abort"]) {
        cursor.take_any(&["work", "transaction"]);
        Some(if cursor.is("prepared") {
            TxControl::Prepared
        } else if cursor.is("to") {
            TxControl::Savepoint
        } else {
            TxControl::Rollback
        })
    } else if cursor.take_phrase("prepare transaction") {
        Some(TxControl::Prepared)
    } else if cursor.is_any(&["savepoint", "release"]) {
        Some(TxControl::Savepoint)
    } else {
        None
    }
}

/// Why the statement cannot run in a transaction block, by the manual pages of the commands.
pub(super) fn alone(mut cursor: Cursor<'_>) -> Option<&'static str> {
    if cursor.take("create") {
        cursor.take("unique");
        if cursor.take("index") {
            return cursor.is("concurrently").then_some("`CREATE INDEX CONCURRENTLY` cannot run in a transaction");
        }
        return create_or_drop(cursor, true);
    }
    if cursor.take("drop") {
        if cursor.take("index") {
            return cursor.is("concurrently").then_some("`DROP INDEX CONCURRENTLY` cannot run in a transaction");
        }
        return create_or_drop(cursor, false);
    }
    if cursor.take("alter") {
        return alter(cursor);
    }
    if cursor.take("reindex") {
        return reindex(cursor);
    }
    if cursor.take("cluster") {
        cursor.skip_parens();
        cursor.take("verbose");
        return cursor.is_at_end().then_some("`CLUSTER` of all tables cannot run in a transaction");
    }
    if cursor.is("vacuum") {
        return Some("`VACUUM` cannot run in a transaction");
    }
    cursor.take_phrase("discard all").then_some("`DISCARD ALL` cannot run in a transaction")
}

fn create_or_drop(mut cursor: Cursor<'_>, create: bool) -> Option<&'static str> {
    if cursor.is("database") {
        return Some("`CREATE DATABASE` and `DROP DATABASE` cannot run in a transaction");
    }
    if cursor.is("tablespace") {
        return Some("`CREATE TABLESPACE` and `DROP TABLESPACE` cannot run in a transaction");
    }
    if !cursor.take("subscription") {
        return None;
    }
    if create && ["connect", "create_slot"].iter().any(|option| is_off(cursor, option)) {
        return None;
    }
    Some("a subscription with a replication slot cannot be created or dropped in a transaction")
}

fn alter(mut cursor: Cursor<'_>) -> Option<&'static str> {
    if cursor.take("system") {
        return Some("`ALTER SYSTEM` cannot run in a transaction");
    }
    if cursor.take("database") {
        return (cursor.seek(&["set"]) && cursor.take_phrase("set tablespace"))
            .then_some("moving a database to another tablespace cannot run in a transaction");
    }
    if cursor.take("table") {
        return (cursor.seek(&["detach"]) && cursor.has(&["concurrently"]))
            .then_some("`DETACH PARTITION CONCURRENTLY` cannot run in a transaction");
    }
    if cursor.take("subscription") {
        let refreshes = cursor.has(&["publication"]) && !is_off(cursor, "refresh");
        return refreshes.then_some("refreshing a subscription's publications cannot run in a transaction");
    }
    None
}

fn reindex(mut cursor: Cursor<'_>) -> Option<&'static str> {
    let options = cursor.skip_parens();
    let by_option = options.is_some_and(|options| {
        options.items().into_iter().any(|mut item| item.take("concurrently") && !is_false(item.peek()))
    });
    if cursor.is_any(&["schema", "database", "system"]) {
        return Some("`REINDEX` of a schema or database cannot run in a transaction");
    }
    (by_option || cursor.has(&["concurrently"])).then_some("`REINDEX CONCURRENTLY` cannot run in a transaction")
}

/// Whether `WITH (… option = false …)` stands ahead.
fn is_off(mut cursor: Cursor<'_>, option: &str) -> bool {
    while !cursor.is_at_end() {
        if let Some(options) = cursor.skip_parens() {
            return options.items().into_iter().any(|mut item| {
                item.take(option) && {
                    if item.peek() == "=" {
                        item.advance();
                    }
                    is_false(item.peek())
                }
            });
        }
        cursor.advance();
    }
    false
}

fn is_false(word: &str) -> bool {
    let word = word.trim_matches('\'');
    ["false", "off", "no", "0"].iter().any(|off| word.eq_ignore_ascii_case(off))
}

#[cfg(test)]
mod tests {
    use super::super::split;
    use super::*;

    fn of(sql: &str) -> FileTransaction {
        analyse(sql, &split(sql).unwrap())
    }

    fn is_alone(sql: &str) -> bool {
        split(sql).unwrap()[0].needs_no_transaction().is_some()
    }

    #[test]
    fn knows_the_statements_that_refuse_a_transaction() {
        for sql in [
            "create unique index concurrently i on t (a)",
            "drop index concurrently if exists i",
            "reindex (concurrently, verbose) table t",
            "reindex table concurrently t",
            "reindex database d",
            "reindex schema s",
            "vacuum (analyze) t",
            "create database d",
            "drop tablespace s",
            "alter system set a = 1",
            "alter database d set tablespace s",
            "create subscription s connection '' publication p",
            "alter subscription s refresh publication",
            "alter subscription s set publication p",
            "alter table a.t detach partition b concurrently",
            "cluster verbose",
            "discard all",
        ] {
            assert!(is_alone(sql), "{sql}");
        }
        for sql in [
            "create index i on t (a)",
            "refresh materialized view concurrently m",
            "reindex (concurrently off) table t",
            "alter database d set x = 1",
            "create subscription s connection '' publication p with (connect = false)",
            "alter subscription s set publication p with (refresh = false)",
            "alter table t detach partition b",
            "cluster t using i",
            "analyze t",
            "select 'vacuum'",
        ] {
            assert!(!is_alone(sql), "{sql}");
        }
    }

    #[test]
    fn gives_way_to_a_wrapper_around_the_whole_file() {
        assert_eq!(of("begin; select 1; commit;"), FileTransaction { mode: Mode::Transaction, wrapper: Some((0, 2)) });
        assert_eq!(of("begin; savepoint a; rollback to a; end").wrapper, Some((0, 3)));
        for sql in ["begin isolation level serializable; select 1; commit", "begin; select 1; commit and chain"] {
            assert_eq!(of(sql).mode, Mode::SelfManaged { statement: 0 }, "{sql}");
        }
    }

    #[test]
    fn leaves_other_transaction_control_to_the_file() {
        assert_eq!(of("select 1; commit; select 2").mode, Mode::SelfManaged { statement: 1 });
        assert_eq!(of("begin; select 1; commit; begin; commit").mode, Mode::SelfManaged { statement: 0 });
        assert_eq!(of("savepoint a; release a").mode, Mode::Transaction);
    }

    #[test]
    fn sees_a_new_enum_value_that_is_used() {
        let added = "alter type public.mood add value if not exists 'glad'; ";
        assert!(matches!(
            of(&format!("{added} update t set m = 'glad'")).mode,
            Mode::NoTransaction { statement: 0, .. }
        ));
        assert!(matches!(
            of(&format!("{added} do $$ begin update t set m = 'glad'; end $$")).mode,
            Mode::NoTransaction { .. }
        ));
        for later in [
            "update t set m = 'sad'",
            "comment on type mood is 'glad'",
            "create function f() returns text language plpgsql as $$ begin return 'glad'; end $$",
            "alter type mood add value 'x' after 'glad'",
        ] {
            assert_eq!(of(&format!("{added} {later}")).mode, Mode::Transaction, "{later}");
        }
        assert_eq!(of(&format!("create type mood as enum (); {added} select 'glad'::mood")).mode, Mode::Transaction);
    }
}
