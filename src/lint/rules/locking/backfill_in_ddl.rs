//! `backfill-in-ddl`: rows are changed in the transaction that changes the schema.

use std::collections::BTreeSet;

use super::row_writes::row_writes;
use crate::diagnostic::Level;
use crate::lint::ask::lock::Step;
use crate::lint::schema::{ConstraintDef, Place, Table};
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{Expr, ExprKind, Ident, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "backfill-in-ddl",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`update`, `delete` or `insert … select` of many rows in a transaction that also alters or indexes existing tables",
    effect: "changing rows takes as long as there are rows, and everything the transaction has locked stays locked for all of it: \
             altered tables against everybody, changed rows against writers",
    remedy: "change the schema in one migration, the rows in another, in batches",
    lock: Some(LockMode::RowExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column state text;\nupdate public.orders set state = 'new' where state is null;",
        "create table public.orders (id bigint primary key, state text);\n-- then\ndelete from public.orders where state = 'void';\nalter table public.orders add column note text;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, state text);\n-- then\nupdate public.orders set state = 'new' where state is null;",
        "create table public.orders (id bigint primary key, state text);\n-- then\nalter table public.orders add column note text;\nupdate public.orders set note = 'kept' where id = 1;",
        "create table public.orders (id bigint primary key, state text);\n-- then\ncreate table public.states as select distinct state from public.orders;\ninsert into public.states select state from public.orders where id = 1;",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let steps = cx.steps();
    if !steps.iter().any(|step| step.written.is_some()) {
        return;
    }
    let mut reported = BTreeSet::new();
    for step in steps {
        let Some(name) = step.written.as_ref().filter(|name| !reported.contains(*name)) else { continue };
        let table = cx.schema.tables.get(name);
        if picks_rows(step, table) || is_said(cx, step) {
            continue;
        }
        let Some(change) = steps.iter().find(|other| other.transaction == step.transaction && is_change(other)) else {
            continue;
        };
        let Some(lock) = change.strongest() else { continue };
        reported.insert(name.clone());
        let first = change.event.stmt.span.start < step.event.stmt.span.start;
        let message = if first {
            format!("changing rows of `{name}` keeps `{}` locked for as long as it takes", lock.name)
        } else {
            format!("rows of `{name}` stay locked while the migration waits for `{}`", lock.name)
        };
        out.push(
            cx.finding(step.event.stmt.span, message)
                .label("as slow as there are rows")
                .see(Place::new(cx.file.id, lock.span), "in the same transaction as this change of the schema")
                .object(name)
                .help("move it to a migration of its own, and change the rows in batches"),
        );
    }
}

/// Whether the rules about all rows of a table say enough of it.
fn is_said(cx: &FileCx<'_>, step: &Step<'_>) -> bool {
    row_writes(&step.event.stmt).last().is_some_and(|write| {
        let rule = if write.delete { &super::delete_without_where::RULE } else { &super::update_without_where::RULE };
        write.filter.is_none_or(Expr::is_always_true) && cx.config.level(rule, cx.file.path()).is_some()
    })
}

/// Whether it changes the schema of a table in use; what locks and is gone in a moment counts too.
fn is_change(step: &Step<'_>) -> bool {
    !step.locks.is_empty() && !matches!(step.event.stmt.kind, StmtKind::Lock { .. } | StmtKind::Truncate { .. })
}

/// Whether it changes but a few rows: a key is compared with constants.
fn picks_rows(step: &Step<'_>, table: Option<&Table>) -> bool {
    row_writes(&step.event.stmt)
        .last()
        .is_some_and(|write| write.current_of || write.filter.is_some_and(|filter| picks(filter, table)))
}

fn picks(filter: &Expr, table: Option<&Table>) -> bool {
    let is_key = |expr: &Expr| {
        let Some(column) = expr.as_column().and_then(<[Ident]>::last) else { return false };
        match table {
            None => column.value == "id",
            Some(table) => table.constraints.iter().any(|constraint| {
                matches!(constraint.def, ConstraintDef::PrimaryKey | ConstraintDef::Unique)
                    && constraint.columns.len() == 1
                    && constraint.columns[0] == column.value
            }),
        }
    };
    match &filter.kind {
        ExprKind::Binary { op, left, right } => match op.as_str() {
            "and" => picks(left, table) || picks(right, table),
            "or" => picks(left, table) && picks(right, table),
            "=" => is_key(left) && is_constant(right) || is_key(right) && is_constant(left),
            _ => false,
        },
        ExprKind::In { expr, not: false, list, query: None } => is_key(expr) && list.iter().all(is_constant),
        _ => false,
    }
}

fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Cast { expr, .. } => is_constant(expr),
        _ => false,
    }
}
