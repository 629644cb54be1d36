//! `set-logged-tablespace-am`: settings of a table that can only be changed by writing it anew.

use crate::diagnostic::Level;
use crate::lint::ask::in_use::altered;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::TableActionKind;

pub(super) static RULE: Rule = Rule {
    id: "set-logged-tablespace-am",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`set logged`, `set unlogged`, `set tablespace` or `set access method` on a table that this migration did not create",
    effect: "the whole table is copied under an ACCESS EXCLUSIVE lock: nobody reads or writes it until the copy is done",
    remedy: "do it in a maintenance window, or copy the rows into a new table step by step and swap the two",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders set unlogged;",
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders set access method heap;",
    ],
    good: &["create unlogged table public.cache (id bigint primary key);\nalter table public.cache set logged;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for action in &altered.alter.actions {
        let what = match &action.kind {
            TableActionKind::SetLogged(true) => "set logged",
            TableActionKind::SetLogged(false) => "set unlogged",
            TableActionKind::SetTablespace(_) if !altered.is_partitioned() => "set tablespace",
            TableActionKind::SetAccessMethod(_) if !altered.is_partitioned() => "set access method",
            _ => continue,
        };
        // `set logged` of a table that is: nothing to do, and nothing is copied.
        if altered
            .table
            .is_some_and(|table| matches!(action.kind, TableActionKind::SetLogged(logged) if logged != table.unlogged))
        {
            continue;
        }
        out.push(
            cx.finding(action.span, format!("`{what}` copies `{}` while nobody can read or write it", altered.name))
                .label("every row and every index is written anew")
                .object(&altered.name)
                .help("run it in a maintenance window"),
        );
    }
}
