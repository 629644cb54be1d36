//! `unique-constraint-index`: a unique constraint that builds its index while nobody else may use the table.

use super::using_index::Wanted;
use crate::diagnostic::Level;
use crate::lint::ask::in_use::altered;
use crate::lint::rules::suggest;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ColumnConstraintKind, ConstraintKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "unique-constraint-index",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`add unique` without `using index` on a table that this migration did not create",
    effect: "the unique index is built under ACCESS EXCLUSIVE, and nobody reads or writes meanwhile",
    remedy: "build a unique index `concurrently` in a migration of its own, then `add constraint … unique using index`",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, number text);\n-- then\nalter table public.orders add constraint orders_number_key unique (number);",
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column number text unique;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, number text);\n-- then\n-- dbctl: no-transaction\ncreate unique index concurrently orders_number_key on public.orders (number);\n-- then\nalter table public.orders add constraint orders_number_key unique using index orders_number_key;",
        "create table public.orders (id bigint primary key, number text);\nalter table public.orders add unique (number);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    let message = || format!("building the unique index blocks every read and write of `{}`", altered.name);
    for action in &altered.alter.actions {
        match &action.kind {
            TableActionKind::AddConstraint(constraint) => {
                let ConstraintKind::Unique { columns, using_index: None, nulls_not_distinct } = &constraint.kind else {
                    continue;
                };
                let finding = cx.finding(constraint.span, message()).label("builds an index").object(&altered.name);
                if altered.is_partitioned() {
                    out.push(finding.help(
                        "create a unique index on the parent alone, build it `concurrently` on each partition, and attach those",
                    ));
                    continue;
                }
                let nulls_not_distinct = *nulls_not_distinct;
                let wanted = Wanted { action, constraint, columns, words: "unique", suffix: "key", nulls_not_distinct };
                let finding = finding.help(wanted.help(cx, &altered));
                out.push(match wanted.fix(cx, &altered) {
                    Some(fix) => finding.fix(fix),
                    None => finding,
                });
            }
            TableActionKind::AddColumn { column, .. } => {
                let Some(unique) = column.constraints.iter().find(|it| it.kind == ColumnConstraintKind::Unique) else {
                    continue;
                };
                let index = format!("{}_{}_key", altered.name.name, column.name.value);
                let build =
                    suggest::concurrent_unique_index(&index, &altered.name, &bare_ident(&column.name.value), "");
                let using = format!("unique using index {}", bare_ident(&index));
                let add = suggest::constraint_of_index(&index, &altered.name, using);
                let finding = cx.finding(unique.span, message()).label("builds an index over every row").object(&altered.name).help(format!(
                    "add the column without it, build the index in a migration of its own, and make it the constraint's in the next:\n\
                     {build};\n{add};"
                ));
                out.push(finding);
            }
            _ => {}
        }
    }
}
