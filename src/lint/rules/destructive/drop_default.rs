//! `drop-default`: a default is dropped and not set again in this migration.

use super::gone::{actions, table_goes};
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{AlterColumn, StmtKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-default",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a default is dropped and not set again in this migration",
    effect: "inserts that leave the column out get null, or fail where it is `not null`",
    remedy: "first release a program that writes the column itself",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders alter column user_id drop default;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders alter column user_id drop default;\nalter table public.orders alter column user_id type text using user_id::text;\nalter table public.orders alter column user_id set default '0';\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders add column kind text not null default 'a';\nalter table public.orders alter column kind drop default;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some((alter, table)) = actions(cx) else { return };
    for action in &alter.actions {
        let TableActionKind::AlterColumn { name, change: AlterColumn::DropDefault } = &action.kind else { continue };
        let column = cx.table(&alter.name).and_then(|it| it.column(&name.value));
        let is_free = column.is_some_and(|column| column.created.is_in(cx.file.id) || column.default.is_none());
        if is_free || is_filled_again(cx, &table, &name.value) {
            continue;
        }
        let shown = bare_ident(&name.value);
        let is_required = column.is_some_and(|column| column.not_null) && !may_be_null(cx, &table, &name.value);
        let cost = if is_required { "fail" } else { "get null" };
        out.push(
            cx.finding(action.span, format!("inserts that leave out `{shown}` of `{table}` {cost} from now on"))
                .label("the default goes")
                .object(&table)
                .help(format!("drop it only when every released program writes `{shown}` itself")),
        );
    }
}

/// Whether the file goes on to drop the column, or to fill it in another way.
fn is_filled_again(cx: &EventCx<'_>, table: &QName, column: &str) -> bool {
    cx.later().chain([cx.event]).any(|event| match &event.stmt.kind {
        StmtKind::AlterTable(alter) if cx.resolve(&alter.name) == *table => {
            alter.actions.iter().any(|action| match &action.kind {
                TableActionKind::AlterColumn { name, change } => {
                    name.value == column
                        && matches!(change, AlterColumn::SetDefault(_) | AlterColumn::AddIdentity { .. })
                }
                TableActionKind::DropColumn { name, .. } => name.value == column,
                TableActionKind::RenameColumn { from, .. } => from.value == column,
                _ => false,
            })
        }
        _ => false,
    }) || table_goes(cx, table)
}

/// Whether the file lets the column be null, in this statement or behind it.
fn may_be_null(cx: &EventCx<'_>, table: &QName, column: &str) -> bool {
    cx.later().chain([cx.event]).any(|event| match &event.stmt.kind {
        StmtKind::AlterTable(alter) if cx.resolve(&alter.name) == *table => alter.actions.iter().any(|action| {
            matches!(&action.kind, TableActionKind::AlterColumn { name, change: AlterColumn::DropNotNull } if name.value == column)
        }),
        _ => false,
    })
}
