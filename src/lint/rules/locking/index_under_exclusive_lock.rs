//! `index-under-exclusive-lock`: an index is built while the transaction still keeps everybody off a table it has altered.

use crate::diagnostic::Level;
use crate::lint::ask::transaction::companions;
use crate::lint::schema::{Place, TableKind};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{AlterColumn, AlterTable, ConstraintKind, Relation, StmtKind, TableActionKind};

pub(super) static RULE: Rule = Rule {
    id: "index-under-exclusive-lock",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`create index` after an `alter table` in the same transaction",
    effect: "locks are kept to the end of the transaction: the ACCESS EXCLUSIVE lock of the `alter table` stays for as long as the \
             index takes to build, and nobody reads or writes the altered table meanwhile",
    remedy: "build the index in a migration of its own, `concurrently`",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\nalter table public.orders add column note text;\ncreate index orders_user_id_idx on public.orders (user_id);",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\nalter table public.orders add column note text;\n-- then\n-- dbctl: no-transaction\ncreate index concurrently orders_user_id_idx on public.orders (user_id);",
        "create table public.orders (id bigint primary key, user_id bigint);\nalter table public.orders add column note text;\ncreate index orders_user_id_idx on public.orders (user_id);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateIndex(index) = &cx.stmt().kind else { return };
    if index.concurrently || index.only || !cx.is_in_use(&index.table) {
        return;
    }
    let held = companions(cx).rev().find_map(|event| match &event.stmt.kind {
        StmtKind::AlterTable(alter) if locks_exclusively(alter) && cx.is_in_use(&alter.name) => Some((event, alter)),
        _ => None,
    });
    let Some((event, alter)) = held else { return };
    if cx.table(&alter.name).is_some_and(|table| table.kind == TableKind::Foreign) {
        return;
    }
    let name = cx.resolve(&alter.name);
    let finding = cx
        .finding(index.keyword, format!("`{name}` stays locked against reads and writes while the index is built"))
        .label("the lock of the `alter table` is kept until the transaction ends")
        .see(Place::new(cx.file.id, event.stmt.span), "locked here")
        .object(&name)
        .help("build the index in a migration of its own, `concurrently`");
    out.push(finding);
}

/// Whether it takes ACCESS EXCLUSIVE: most of `alter table` does.
fn locks_exclusively(alter: &AlterTable) -> bool {
    alter.relation == Relation::Table
        && alter.actions.iter().any(|action| match &action.kind {
            TableActionKind::ValidateConstraint(_)
            | TableActionKind::Trigger { .. }
            | TableActionKind::AttachPartition { .. }
            | TableActionKind::DetachPartition { concurrently: true, .. }
            | TableActionKind::SetOptions(_)
            | TableActionKind::ResetOptions(_)
            | TableActionKind::AlterColumn { change: AlterColumn::Planner, .. }
            | TableActionKind::Other(_) => false,
            TableActionKind::AddConstraint(constraint) => !matches!(constraint.kind, ConstraintKind::ForeignKey { .. }),
            _ => true,
        })
}
