//! `statement-after-exclusive`: rows are read or written while the transaction keeps everybody off a table.

use crate::diagnostic::Level;
use crate::lint::ask::lock::Step;
use crate::lint::schema::Place;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{Persistence, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "statement-after-exclusive",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a statement that reads or writes rows, or builds an index, after one that took an ACCESS EXCLUSIVE lock in the same \
                transaction",
    effect: "locks are kept to the end of the transaction: nobody reads or writes the locked table for as long as the later \
             statement takes",
    remedy: "make the statement that locks the last one of its migration",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column note text;\nselect count(*) from public.orders;",
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column note text;\ninsert into public.orders (id, note) values (1, 'first');",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column note text;\ncomment on column public.orders.note is 'for the driver';",
        "create table public.orders (id bigint primary key);\n-- then\nselect count(*) from public.orders;\nalter table public.orders add column note text;",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let steps = cx.steps();
    let mut transaction = None;
    let mut held = None;
    for step in steps {
        if transaction != Some(step.transaction) {
            (transaction, held) = (Some(step.transaction), None);
        }
        let Some(lock) = held else {
            held = step.exclusive();
            continue;
        };
        if !takes_time(step) || is_said(cx, step) {
            continue;
        }
        let finding = cx
            .finding(step.event.stmt.span, format!("runs while `{}` stays locked against reads and writes", lock.name))
            .label("the lock is kept until the transaction ends")
            .see(Place::new(cx.file.id, lock.span), "locked here")
            .object(&lock.name)
            .help(help(step));
        out.push(finding);
        // One split mends the rest of the transaction.
        return;
    }
}

/// Where it belongs: what a temporary table holds is gone with the session.
fn help(step: &Step<'_>) -> String {
    match &step.event.stmt.kind {
        StmtKind::CreateTableAs(create) if create.persistence == Persistence::Temporary => {
            format!("move it to a migration of its own, together with everything that uses `{}`", create.name)
        }
        _ => "move it to a migration of its own".to_owned(),
    }
}

/// Whether the rule about indexes says enough of it.
fn is_said(cx: &FileCx<'_>, step: &Step<'_>) -> bool {
    matches!(step.event.stmt.kind, StmtKind::CreateIndex(_))
        && cx.config.level(&super::index_under_exclusive_lock::RULE, cx.file.path()).is_some()
}

/// Whether it works on rows; what changes rows by rows of a table is a backfill, which has its own rule.
fn takes_time(step: &Step<'_>) -> bool {
    match &step.event.stmt.kind {
        StmtKind::CreateIndex(_) | StmtKind::RefreshView { .. } | StmtKind::Reindex { .. } => !step.locks.is_empty(),
        _ => step.uses_rows && step.written.is_none(),
    }
}
