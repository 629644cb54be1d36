//! `check-not-valid`: a check that is tested for every row at once keeps everybody off the table.

use super::fk_not_valid::not_valid;
use crate::diagnostic::Level;
use crate::lint::ask::in_use::altered;
use crate::lint::rules::suggest;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ColumnConstraintKind, ConstraintKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "check-not-valid",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a check added to a table that this migration did not create, without `not valid`",
    effect: "every row is tested under ACCESS EXCLUSIVE, and nobody reads or writes meanwhile; so it is for a check of a new column",
    remedy: "add it `not valid`, which holds for new rows, and validate it in a later migration: that lets reads and writes go on",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric);\n-- then\nalter table public.orders add constraint orders_total_check check (total >= 0);",
        "create table public.orders (id bigint primary key, total numeric);\n-- then\nalter table public.orders add check (total >= 0);",
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column total numeric check (total >= 0);",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric);\n-- then\nalter table public.orders add constraint orders_total_check check (total >= 0) not valid;",
        "create table public.orders (id bigint primary key, total numeric);\nalter table public.orders add check (total >= 0);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for action in &altered.alter.actions {
        match &action.kind {
            TableActionKind::AddConstraint(constraint) if !constraint.not_valid && !constraint.not_enforced => {
                let ConstraintKind::Check { expr, .. } = &constraint.kind else { continue };
                let name = constraint.name.as_ref().map(|name| name.value.clone()).or_else(|| altered.check_name(expr));
                let finding = cx
                    .finding(
                        constraint.span,
                        format!("testing the check for every row blocks every read and write of `{}`", altered.name),
                    )
                    .label("every row is read")
                    .object(&altered.name)
                    .help(format!(
                        "add it `not valid`, and in a later migration:\nalter table {} validate constraint {};",
                        altered.alter.name,
                        name.as_deref().map_or_else(|| "its_name".into(), bare_ident),
                    ));
                out.push(match name.and_then(|name| not_valid(cx, &altered, action, constraint, &name)) {
                    Some(fix) => finding.fix(fix),
                    None => finding,
                });
            }
            TableActionKind::AddColumn { column, .. } => {
                for constraint in &column.constraints {
                    let ColumnConstraintKind::Check { expr, .. } = &constraint.kind else { continue };
                    let finding = cx
                        .finding(
                            constraint.span,
                            format!(
                                "testing the check for every row blocks every read and write of `{}`",
                                altered.name
                            ),
                        )
                        .label("every row is read, although the column is new")
                        .object(&altered.name)
                        .help(format!(
                            "add the column first and the check `not valid` after it:\n\
                             alter table {} {};",
                            altered.alter.name,
                            suggest::constraint(
                                &format!("{}_{}_check", altered.name.name, column.name.value),
                                format!("check ({}) not valid", cx.text(expr.span))
                            ),
                        ));
                    out.push(finding);
                }
            }
            _ => {}
        }
    }
}
