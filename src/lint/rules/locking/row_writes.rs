//! Updates and deletes, also those in `with`.

use crate::lint::schema::QName;
use crate::lint::{EventCx, Finding};
use crate::sql::ast::{Expr, Name, Stmt, StmtKind};

/// An `update` or `delete`.
pub(super) struct RowWrite<'a> {
    /// The table.
    pub(super) table: &'a Name,
    /// `where`.
    pub(super) filter: Option<&'a Expr>,
    /// `where current of`.
    pub(super) current_of: bool,
    /// `delete`.
    pub(super) delete: bool,
}

/// The updates and deletes of a statement, those in `with` first.
pub(super) fn row_writes(stmt: &Stmt) -> Vec<RowWrite<'_>> {
    stmt.writes().into_iter().filter_map(row_write).collect()
}

fn row_write(stmt: &Stmt) -> Option<RowWrite<'_>> {
    match &stmt.kind {
        StmtKind::Update(update) => {
            let (table, filter, current_of) = (&update.table, update.filter.as_ref(), update.current_of);
            Some(RowWrite { table, filter, current_of, delete: false })
        }
        StmtKind::Delete(delete) => {
            let (table, filter, current_of) = (&delete.table, delete.filter.as_ref(), delete.current_of);
            Some(RowWrite { table, filter, current_of, delete: true })
        }
        _ => None,
    }
}

/// The updates (or deletes) of tables in use that change every row, and whether by a `where` that is always true.
pub(super) fn of_every_row<'a>(cx: &EventCx<'a>, delete: bool) -> Vec<(RowWrite<'a>, bool)> {
    row_writes(cx.stmt())
        .into_iter()
        .filter(|write| write.delete == delete && !write.current_of && cx.is_in_use(write.table))
        .filter_map(|write| match write.filter {
            None => Some((write, false)),
            Some(filter) if filter.is_always_true() => Some((write, true)),
            Some(_) => None,
        })
        .collect()
}

/// What such a statement locks, in words.
pub(super) fn row_locks(table: &QName) -> String {
    format!(
        "takes ROW EXCLUSIVE on `{table}` and a lock on each of its rows: reads and inserts go on, whatever changes one of \
         the rows waits"
    )
}

/// The finding without the words about the table's lock alone, which keeps nobody waiting.
pub(super) fn of_rows(mut finding: Finding) -> Finding {
    finding.lock = None;
    finding
}
