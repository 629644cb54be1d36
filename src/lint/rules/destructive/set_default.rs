//! `set-default`: the default of a column is changed.

use super::gone::{actions, table_goes};
use crate::diagnostic::Level;
use crate::lint::ask::shape;
use crate::lint::schema::QName;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{AlterColumn, Expr, StmtKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "set-default",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "the default of a column is changed",
    effect: "inserts that leave the column out mean something else from then on, also those of programs that were written for the old default; rows that are there keep the old value",
    remedy: "first release a program that writes the value it means",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders alter column user_id set default 1;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders alter column note set default '';\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders alter column user_id set default 0;\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders add column kind text;\nalter table public.orders alter column kind set default 'a';\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders add column if not exists kind text, alter column kind set default 'a';\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some((alter, table)) = actions(cx) else { return };
    for action in &alter.actions {
        let TableActionKind::AlterColumn { name, change: AlterColumn::SetDefault(new) } = &action.kind else {
            continue;
        };
        let column = cx.table(&alter.name).and_then(|it| it.column(&name.value));
        let is_same = |old: &Expr| same(old, new);
        // A column that is new here, that had no default, or that keeps the one it has.
        let is_free = column
            .is_some_and(|column| column.created.is_in(cx.file.id) || column.default.as_ref().is_none_or(is_same));
        // One that the same statement adds.
        let is_added = alter
            .actions
            .iter()
            .any(|it| matches!(&it.kind, TableActionKind::AddColumn { column, .. } if column.name.value == name.value));
        if is_free
            || is_added && column.is_none()
            || new.is_null()
            || was_dropped(cx, &table, &name.value)
            || table_goes(cx, &table)
        {
            continue;
        }
        let shown = bare_ident(&name.value);
        out.push(
            cx.finding(
                new.span,
                format!("inserts that leave out `{shown}` of `{table}` get another value from now on"),
            )
            .label("the new default")
            .object(&table)
            .help(format!(
                "release programs that write `{shown}` themselves first; rows that are there keep their value"
            )),
        );
    }
}

/// The same constant, whatever it is cast to, or the same expression.
fn same(old: &Expr, new: &Expr) -> bool {
    match (old.as_string(), new.as_string()) {
        (Some(old), Some(new)) => old == new,
        _ => shape::of_expr(old) == shape::of_expr(new),
    }
}

/// Whether the file has taken the old default away on purpose, as a change of the type wants it.
fn was_dropped(cx: &EventCx<'_>, table: &QName, column: &str) -> bool {
    cx.earlier().chain([cx.event]).any(|event| match &event.stmt.kind {
        StmtKind::AlterTable(alter) if cx.resolve(&alter.name) == *table => alter.actions.iter().any(|action| {
            matches!(&action.kind, TableActionKind::AlterColumn { name, change: AlterColumn::DropDefault } if name.value == column)
        }),
        _ => false,
    })
}
