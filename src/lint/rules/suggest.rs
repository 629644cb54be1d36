//! SQL that the rules suggest, written so that no other rule has anything against it: it can run again, and it keeps nobody
//! waiting for long.

use std::fmt::Display;

use super::super::schema::QName;
use crate::text::{bare_ident, quote_literal};

/// An index on a table that the same migration makes.
pub(in crate::lint) fn index(name: &str, table: &QName, columns: &str) -> String {
    format!("create index if not exists {} on {table} ({columns});", bare_ident(name))
}

/// An index on a table in use, for a migration of its own. What a failed build has left goes first.
pub(in crate::lint) fn concurrent_index(name: &str, table: &QName, columns: &str) -> String {
    let of = QName::new(table.schema.as_str(), name);
    format!(
        "drop index concurrently if exists {of};\ncreate index concurrently {} on {table} ({columns});",
        bare_ident(name)
    )
}

/// The same for a unique one, with what stands behind its columns, and without the last semicolon.
pub(in crate::lint) fn concurrent_unique_index(name: &str, table: &QName, columns: &str, rest: &str) -> String {
    let of = QName::new(table.schema.as_str(), name);
    let name = bare_ident(name);
    format!(
        "drop index concurrently if exists {of};\ncreate unique index concurrently {name} on {table} ({columns}){rest}"
    )
}

/// A migration that runs without a transaction.
pub(in crate::lint) fn outside_transaction(sql: &str) -> String {
    format!("-- dbctl: no-transaction\n{sql}\n")
}

/// The actions of an `alter table` that add a constraint, also where it is there already.
pub(in crate::lint) fn constraint(name: &str, definition: impl Display) -> String {
    let name = bare_ident(name);
    format!("drop constraint if exists {name}, add constraint {name} {definition}")
}

/// The statement, without its semicolon, that makes a constraint of an index. It cannot drop the constraint first: the index
/// would go with it.
pub(in crate::lint) fn constraint_of_index(name: &str, table: &QName, definition: impl Display) -> String {
    let (literal, of) = (quote_literal(name), quote_literal(&table.to_string()));
    let name = bare_ident(name);
    format!(
        "do $$ begin\n  if not exists (select from pg_constraint where conrelid = to_regclass({of}) and conname = {literal}) then\n    \
         alter table {table} add constraint {name} {definition};\n  end if;\nend $$"
    )
}

/// A view of the old name over the new one.
pub(in crate::lint) fn view_instead(old: &QName, new: &QName) -> String {
    format!("create or replace view {old} with (security_invoker = on) as select * from {new}")
}
