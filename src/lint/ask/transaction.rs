//! In which transaction a statement runs, as far as the file says it.

use crate::lint::{At, Event, LintFile, Origin};
use crate::sql::ast::{ObjectKind, StmtKind, TableActionKind, TransactionStmt};

/// Whether the statement stands after a `begin` of the file that nothing has ended yet.
pub(in crate::lint) fn in_block(file: &LintFile, index: usize) -> bool {
    boundary(file, index).is_some_and(|(_, open)| open)
}

/// The last transaction control before a statement: its index, and whether it left a transaction open.
fn boundary(file: &LintFile, index: usize) -> Option<(usize, bool)> {
    file.events[..index].iter().enumerate().rev().find_map(|(at, event)| match event.stmt.kind {
        StmtKind::Transaction(TransactionStmt::Begin) => Some((at, true)),
        StmtKind::Transaction(TransactionStmt::Commit | TransactionStmt::Rollback) => Some((at, false)),
        _ => None,
    })
}

/// The statements of the file that ran before in the same transaction; those inside routines are left out.
pub(in crate::lint) fn companions<'a>(cx: &At<'a>) -> impl DoubleEndedIterator<Item = &'a Event> {
    let start = match boundary(cx.file, cx.index) {
        Some((at, true)) => at + 1,
        None if cx.in_transaction() => 0,
        // By itself; what stands in the same DO block still shares its transaction.
        _ => cx.file.events[..cx.index].iter().rposition(|event| event.top != cx.event.top).map_or(0, |at| at + 1),
    };
    cx.file.events[start..cx.index].iter().filter(|event| event.origin != Origin::Routine)
}

/// The command, where it is one that works in steps of its own and so refuses to run inside a transaction.
pub(in crate::lint) fn concurrent_command(kind: &StmtKind) -> Option<&'static str> {
    match kind {
        StmtKind::CreateIndex(index) if index.concurrently => Some("create index concurrently"),
        StmtKind::Drop(drop) if drop.concurrently && drop.kind == ObjectKind::Index => Some("drop index concurrently"),
        StmtKind::Reindex { concurrently: true, .. } => Some("reindex concurrently"),
        StmtKind::AlterTable(alter) => alter
            .actions
            .iter()
            .any(|action| matches!(action.kind, TableActionKind::DetachPartition { concurrently: true, .. }))
            .then_some("detach partition concurrently"),
        _ => None,
    }
}
