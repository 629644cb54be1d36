//! `primary-key-index`: a primary key that builds its index while nobody else may use the table.

use super::using_index::Wanted;
use crate::diagnostic::Level;
use crate::lint::ask::in_use::{Altered, altered, is_known_not_null};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ColumnConstraintKind, ConstraintKind, Ident, TableActionKind};

pub(super) static RULE: Rule = Rule {
    id: "primary-key-index",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`add primary key` without `using index` on a table that this migration did not create",
    effect: "the unique index is built under ACCESS EXCLUSIVE, and columns that may be null are read for nulls as well; nobody reads \
             or writes meanwhile",
    remedy: "make the columns `not null` by way of a validated check, build a unique index `concurrently` in a migration of its own, \
             then `add constraint … primary key using index`",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
    ],
    bad: &[
        "create table public.orders (id bigint not null);\n-- then\nalter table public.orders add constraint orders_pkey primary key (id);",
        "create table public.orders (id bigint);\n-- then\nalter table public.orders add primary key (id);",
    ],
    good: &[
        "create table public.orders (id bigint not null);\n-- then\n-- dbctl: no-transaction\ncreate unique index concurrently orders_pkey on public.orders (id);\n-- then\nalter table public.orders add constraint orders_pkey primary key using index orders_pkey;",
        "create table public.orders (id bigint not null);\nalter table public.orders add primary key (id);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    let message = || format!("building the primary key's index blocks every read and write of `{}`", altered.name);
    for action in &altered.alter.actions {
        match &action.kind {
            TableActionKind::AddConstraint(constraint) => {
                let ConstraintKind::PrimaryKey { columns, using_index: None } = &constraint.kind else { continue };
                let mut finding = cx.finding(constraint.span, message()).label("builds an index").object(&altered.name);
                if altered.is_partitioned() {
                    out.push(finding.help(
                        "add it to each partition first, built from an index; the parent's then takes those over",
                    ));
                    continue;
                }
                let wanted = Wanted {
                    action,
                    constraint,
                    columns,
                    words: "primary key",
                    suffix: "pkey",
                    nulls_not_distinct: false,
                };
                finding = finding.help(wanted.help(cx, &altered));
                finding = if may_be_null(&altered, columns) {
                    finding.note("columns that are not `not null` yet are read for nulls as well")
                } else {
                    match wanted.fix(cx, &altered) {
                        Some(fix) => finding.fix(fix),
                        None => finding,
                    }
                };
                out.push(finding);
            }
            TableActionKind::AddColumn { column, .. } => {
                let Some(key) = column.constraints.iter().find(|it| it.kind == ColumnConstraintKind::PrimaryKey) else {
                    continue;
                };
                let finding = cx
                    .finding(key.span, message())
                    .label("builds an index over every row")
                    .object(&altered.name)
                    .help("add the column, fill it, make it `not null`, build the index `concurrently`, then add the key `using index`");
                out.push(finding);
            }
            _ => {}
        }
    }
}

fn may_be_null(altered: &Altered<'_>, columns: &[Ident]) -> bool {
    altered.table.is_none_or(|table| !columns.iter().all(|column| is_known_not_null(table, &column.value)))
}
