//! `concurrent-index-drop`: dropping an index locks its whole table against reads and writes.

use super::own_file;
use crate::diagnostic::Level;
use crate::lint::schema::{Dropped, QName, TableKind};
use crate::lint::{Check, Edit, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{Drop, Name, ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "concurrent-index-drop",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`drop index` without `concurrently`",
    effect: "takes ACCESS EXCLUSIVE on the index's table: it waits for every query that runs on the table, and all that come \
             later wait behind it",
    remedy: "drop it `concurrently`, one index a statement and without `cascade`, in a migration without a transaction",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropindex.html"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\ndrop index public.orders_user_id_idx;",
        "create table public.orders (id bigint primary key, a bigint, b bigint);\ncreate index orders_a_idx on public.orders (a);\ncreate index orders_b_idx on public.orders (b);\n-- then\ndrop index if exists public.orders_a_idx, public.orders_b_idx;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\ndrop index concurrently public.orders_user_id_idx;",
        "create table public.orders (id bigint primary key, user_id bigint);\ncreate index orders_user_id_idx on public.orders (user_id);\ndrop index public.orders_user_id_idx;",
        "create table public.orders (id bigint primary key, number text constraint orders_number_key unique);\n-- then\nalter table public.orders drop constraint orders_number_key;\ndrop index if exists public.orders_number_key;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Drop(drop) = &cx.stmt().kind else { return };
    if drop.kind != ObjectKind::Index || drop.concurrently {
        return;
    }
    let mut fixable = !drop.cascade;
    let mut found = Vec::new();
    for name in &drop.names {
        let index = cx.resolve(name);
        match cx.schema.indexes.get(&index) {
            Some(known) => match owner(cx, &known.table) {
                Owner::InUse => found.push((name, Some(known.table.clone()))),
                Owner::Partitioned => {
                    fixable = false;
                    found.push((name, Some(known.table.clone())));
                }
                Owner::Free => {}
            },
            None if drop.if_exists && is_gone(cx, &index) || is_recreated_on_new(cx, name) => {}
            None => found.push((name, None)),
        }
    }
    let Some((first, _)) = found.first() else { return };
    let fix = fixable.then(|| {
        own_file::edited(cx, "drop the index `concurrently`", edits(cx, drop), &format!("drop_{}", first.object()))
    });
    for (at, (name, table)) in found.iter().enumerate() {
        let of = table.as_ref().map_or_else(|| format!("the table of `{name}`"), |table| format!("`{table}`"));
        let mut finding = cx
            .finding(name.span, format!("dropping the index blocks reads and writes of {of}"))
            .label("waits for every query on the table, and all later ones wait behind it");
        finding = match table {
            Some(table) => finding.object(table),
            None => finding.about(name.to_string()),
        };
        finding = if fixable {
            finding.help("drop it `concurrently`, in a migration of its own without a transaction")
        } else {
            finding
                .note("an index of a partitioned table, or one that others depend on, cannot be dropped concurrently")
        };
        if let (0, Some(Some(fix))) = (at, &fix) {
            finding = finding.fix(fix.clone());
        }
        out.push(finding);
    }
}

enum Owner {
    InUse,
    Partitioned,
    Free,
}

/// Whether others use what the index belongs to.
fn owner(cx: &EventCx<'_>, table: &QName) -> Owner {
    match cx.schema.tables.get(table) {
        Some(it) if it.created.is_in(cx.file.id) || it.is_temporary() => Owner::Free,
        Some(it) if it.kind == TableKind::Partitioned => Owner::Partitioned,
        None if cx.schema.views.get(table).is_some_and(|view| view.created.is_in(cx.file.id)) => Owner::Free,
        _ => Owner::InUse,
    }
}

/// Whether it was there once, alone or as a constraint's, and is no more: `if exists` then finds nothing.
fn is_gone(cx: &EventCx<'_>, index: &QName) -> bool {
    let is_it = |dropped: &Dropped| match (dropped.kind, &dropped.sub) {
        (ObjectKind::Index, None) => dropped.name == *index,
        (ObjectKind::Constraint, Some(constraint)) => *constraint == index.name && dropped.name.schema == index.schema,
        _ => false,
    };
    cx.schema.dropped.iter().rev().any(is_it)
}

/// Whether the file only clears the way for an index of a table that it has created itself.
fn is_recreated_on_new(cx: &EventCx<'_>, name: &Name) -> bool {
    cx.later().any(|event| match &event.stmt.kind {
        StmtKind::CreateIndex(index) => {
            index.name.as_ref().is_some_and(|it| it.value == name.object()) && !cx.is_in_use(&index.table)
        }
        _ => false,
    })
}

/// One `drop index concurrently` for each index.
fn edits(cx: &EventCx<'_>, drop: &Drop) -> Vec<Edit> {
    let guard = if drop.if_exists { "if exists " } else { "" };
    let each: Vec<String> = drop.names.iter().map(|name| format!("drop index concurrently {guard}{name}")).collect();
    vec![Edit::replace(cx.stmt().span, each.join(";\n"))]
}
