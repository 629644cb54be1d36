//! `drop-index`: an index that was there before this migration is dropped, and none takes its place.

use super::gone::{dropped, is_same_table, table_goes};
use crate::diagnostic::Level;
use crate::lint::schema::{Index, QName};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ConstraintKind, Ident, ObjectKind, StmtKind, TableActionKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-index",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "an index that was there before this migration is dropped, and none takes its place",
    effect: "queries that used it read the whole table from then on; with a unique one, duplicates come in",
    remedy: "look at `pg_stat_user_indexes` first; make the new index before the old one goes",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-dropindex.html",
        "https://www.postgresql.org/docs/18/monitoring-stats.html#MONITORING-PG-STAT-ALL-INDEXES-VIEW",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\ndrop index public.orders_user_id_idx;\n",
        "create table public.orders (id bigint primary key, code text);\ncreate unique index orders_code_key on public.orders (code);\n-- then\n-- dbctl: no-transaction\ndrop index concurrently if exists public.orders_code_key;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint, at timestamptz);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\ncreate index orders_user_id_at_idx on public.orders (user_id, at);\ndrop index public.orders_user_id_idx;\n",
        "create table public.orders (id bigint primary key, user_id bigint);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\ndrop index if exists public.orders_user_id_idx;\ncreate index orders_user_id_idx on public.orders (user_id) where user_id is not null;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    for (drop, name, span, _) in dropped(cx, &[ObjectKind::Index]) {
        let index = cx.schema.indexes.get(&name);
        let others = |index: &Index| {
            let covered: Vec<String> = index.leading_columns().iter().map(|&column| column.to_owned()).collect();
            cx.schema.indexes_of(&index.table).any(|other| {
                other.name != index.name
                    && (other.unique || !index.unique)
                    && other.covers(&covered)
                    && index.leading_columns().len() == index.keys.len()
            })
        };
        let table = index.map(|index| index.table.clone());
        let is_left = table.as_ref().is_some_and(|table| {
            table_goes(cx, table) || cx.schema.tables.get(table).is_some_and(|it| it.created.is_in(cx.file.id))
        });
        if is_left
            || index.is_some_and(others)
            || went_with_constraint(cx, &name)
            || index.is_some_and(|it| is_replaced(cx, it))
        {
            continue;
        }
        let unique = index.is_some_and(|index| index.unique);
        let cost = if unique { ", which kept duplicates out" } else { ", which queries may need" };
        let finding = cx
            .finding(span, format!("drops index `{name}`{cost}"))
            .label("no other index takes its place")
            .about(table.as_ref().unwrap_or(&name).to_string())
            .help("look at `pg_stat_user_indexes.idx_scan` first, and make the index that replaces it before this one goes");
        out.push(if drop.concurrently { finding.lock(LockMode::ShareUpdateExclusive) } else { finding });
    }
}

/// Whether the file has dropped the constraint or the table that the index belonged to: it is gone already.
fn went_with_constraint(cx: &EventCx<'_>, name: &QName) -> bool {
    cx.schema
        .dropped_in(cx.file.id)
        .any(|dropped| dropped.kind == ObjectKind::Constraint && dropped.sub.as_deref() == Some(name.name.as_str()))
}

/// Whether the file makes an index or a constraint, before or after, that begins with the same columns.
fn is_replaced(cx: &EventCx<'_>, index: &Index) -> bool {
    let columns = index.leading_columns();
    let covers = |names: &[Ident]| {
        names.len() >= columns.len() && names[..columns.len()].iter().all(|name| columns.contains(&name.value.as_str()))
    };
    !columns.is_empty()
        && cx.earlier().chain(cx.later()).any(|event| match &event.stmt.kind {
            StmtKind::CreateIndex(new) => {
                let names: Vec<Ident> = new
                    .elements
                    .iter()
                    .map_while(|element| element.expr.as_column().and_then(|parts| parts.last()).cloned())
                    .collect();
                (new.unique || !index.unique)
                    && new.filter.is_some() == index.filter.is_some()
                    && covers(&names)
                    && is_same_table(cx, &new.table, &index.table)
            }
            StmtKind::AlterTable(alter) => {
                let adds = alter.actions.iter().any(|action| match &action.kind {
                    TableActionKind::AddConstraint(new) => match &new.kind {
                        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
                            covers(columns)
                        }
                        _ => false,
                    },
                    _ => false,
                });
                adds && is_same_table(cx, &alter.name, &index.table)
            }
            _ => false,
        })
}
