//! `no-unlogged`: tables that a crash empties.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Name, Persistence, StmtKind, TableActionKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "no-unlogged",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a table is unlogged",
    effect: "it is empty after a crash, and it is not on replicas nor in backups made from the log",
    remedy: "leave `unlogged` out, unless the rows can be made again",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createtable.html#SQL-CREATETABLE-UNLOGGED"],
    bad: &[
        "create table public.cache (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.cache set unlogged;",
    ],
    good: &[
        "create table public.cache (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.cache set logged;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::CreateTable(create) if create.persistence == Persistence::Unlogged => {
            push(cx, &create.name, create.name.span, out);
        }
        StmtKind::CreateTableAs(create) if create.persistence == Persistence::Unlogged => {
            push(cx, &create.name, create.name.span, out);
        }
        StmtKind::AlterTable(alter) => {
            for action in &alter.actions {
                if matches!(action.kind, TableActionKind::SetLogged(false)) {
                    push(cx, &alter.name, action.span, out);
                }
            }
        }
        _ => {}
    }
}

fn push(cx: &EventCx<'_>, name: &Name, span: Span, out: &mut Findings) {
    let table = cx.resolve(name);
    out.push(
        cx.finding(span, format!("`{table}` is empty after a crash, and on every replica"))
            .label("unlogged")
            .object(&table)
            .help("leave `unlogged` out, unless the rows can be made again"),
    );
}
