//! `validate-same-transaction`: validating in the transaction that added the constraint, whose lock is still held.

use super::own_file::whole;
use crate::diagnostic::Level;
use crate::lint::ask::in_use::altered;
use crate::lint::ask::transaction::companions;
use crate::lint::schema::{ConstraintDef, Place};
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Origin, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{AlterTable, ConstraintKind, StmtKind, TableActionKind};
use crate::text::{Span, bare_ident};

pub(super) static RULE: Rule = Rule {
    id: "validate-same-transaction",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`validate constraint` in the transaction that added the constraint `not valid`",
    effect: "locks are kept to the end of the transaction: the rows are read under the lock that adding it took (SHARE ROW EXCLUSIVE \
             for a foreign key, ACCESS EXCLUSIVE for a check), as if `not valid` were not there",
    remedy: "validate in a later migration",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
    bad: &[
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id bigint);\n-- then\nalter table public.orders add constraint orders_user_id_fkey foreign key (user_id) references public.users not valid;\nalter table public.orders validate constraint orders_user_id_fkey;",
    ],
    good: &[
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id bigint);\n-- then\nalter table public.orders add constraint orders_user_id_fkey foreign key (user_id) references public.users not valid;\n-- then\nalter table public.orders validate constraint orders_user_id_fkey;",
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id bigint);\n-- then\n-- dbctl: no-transaction\nalter table public.orders add constraint orders_user_id_fkey foreign key (user_id) references public.users not valid;\nalter table public.orders validate constraint orders_user_id_fkey;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for (at, action) in altered.alter.actions.iter().enumerate() {
        let TableActionKind::ValidateConstraint(name) = &action.kind else { continue };
        let known = altered.table.and_then(|table| table.constraint(&name.value));
        let here = adds(altered.alter, at, &name.value);
        let before = || {
            companions(cx).rev().find_map(|event| match &event.stmt.kind {
                StmtKind::AlterTable(other) if cx.resolve(&other.name) == altered.name => {
                    adds(other, other.actions.len(), &name.value)
                }
                _ => None,
            })
        };
        // A constraint without a name: the state knows the one that PostgreSQL gave it.
        let unnamed = || {
            let it = known.filter(|it| !it.named && !it.valid && it.created.is_in(cx.file.id))?;
            let stands = companions(cx).any(|event| {
                event.stmt.span.start <= it.created.span.start && it.created.span.end <= event.stmt.span.end
            });
            stands.then_some((it.created.span, matches!(it.def, ConstraintDef::ForeignKey(_))))
        };
        let Some((added, foreign_key)) = here.or_else(before).or_else(unnamed) else { continue };
        let (lock, what) = if foreign_key {
            (LockMode::ShareRowExclusive, "writes to")
        } else {
            (LockMode::AccessExclusive, "every read and write of")
        };
        let table = &altered.alter.name;
        let constraint = bare_ident(&name.value);
        let validate = format!("alter table {table} validate constraint {constraint};\n");
        let finding = cx
            .finding(
                action.span,
                format!("validating `{constraint}` in the transaction that adds it blocks {what} `{}`", altered.name),
            )
            .label("reads every row under the lock that is still held")
            .see(Place::new(cx.file.id, added), "locked here, until the transaction ends")
            .object(&altered.name)
            .lock(lock)
            .help("validate it in a later migration");
        out.push(if cx.event.origin == Origin::Top && altered.alter.actions.len() == 1 {
            let edit = Edit::delete(whole(cx.file.text(), cx.stmt().span));
            finding.fix(
                Fix::safe("validate it in a later migration", vec![edit])
                    .adding(format!("validate_{}", name.value), validate),
            )
        } else {
            finding
        });
    }
}

/// Where one of the first actions adds the constraint `not valid`, and whether it is a foreign key.
fn adds(alter: &AlterTable, until: usize, name: &str) -> Option<(Span, bool)> {
    alter.actions.iter().take(until).find_map(|action| match &action.kind {
        TableActionKind::AddConstraint(constraint) if constraint.not_valid => constraint
            .name
            .as_ref()
            .is_some_and(|it| it.value == name)
            .then_some((action.span, matches!(constraint.kind, ConstraintKind::ForeignKey { .. }))),
        _ => None,
    })
}
