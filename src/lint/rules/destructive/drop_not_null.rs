//! `drop-not-null`: a column may be null that could not be before.

use super::gone::{actions, table_goes};
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{AlterColumn, StmtKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-not-null",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a column may be null that could not be before",
    effect: "programs that trust the column find nulls in it and fail there, far from this migration; nulls that have come in must be filled before it can be undone",
    remedy: "first release a program that copes with null",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders alter column user_id drop not null;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, note text not null);\nalter table public.orders alter column note drop not null;\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders alter column note drop not null;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some((alter, table)) = actions(cx) else { return };
    for action in &alter.actions {
        let TableActionKind::AlterColumn { name, change: AlterColumn::DropNotNull } = &action.kind else { continue };
        let column = cx.table(&alter.name).and_then(|it| it.column(&name.value));
        // A column that is new here, or could be null before.
        let is_free = column.is_some_and(|column| column.created.is_in(cx.file.id) || !column.not_null);
        if is_free || goes_or_stays(cx, &table, &name.value) {
            continue;
        }
        let shown = bare_ident(&name.value);
        out.push(
            cx.finding(action.span, format!("column `{shown}` of `{table}` may be null from now on"))
                .label("readers that trust it meet nulls")
                .object(&table)
                .help(format!(
                    "release a program that copes with a null `{shown}` first, or give it a default instead"
                )),
        );
    }
}

/// Whether the file goes on to drop the column or to forbid nulls again.
fn goes_or_stays(cx: &EventCx<'_>, table: &QName, column: &str) -> bool {
    cx.later().chain([cx.event]).any(|event| match &event.stmt.kind {
        StmtKind::AlterTable(alter) if cx.resolve(&alter.name) == *table => {
            alter.actions.iter().any(|action| match &action.kind {
                TableActionKind::AlterColumn { name, change } => {
                    name.value == column && matches!(change, AlterColumn::SetNotNull)
                }
                TableActionKind::DropColumn { name, .. } => name.value == column,
                _ => false,
            })
        }
        _ => false,
    }) || table_goes(cx, table)
}
