//! `concurrently-on-partitioned`: `concurrently` where PostgreSQL does not know it, on a partitioned table.

use super::concurrent_index_create::recipe;
use crate::diagnostic::Level;
use crate::lint::schema::TableKind;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "concurrently-on-partitioned",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create index concurrently` or `drop index concurrently` on a partitioned table",
    effect: "PostgreSQL refuses it (0A000, feature_not_supported) and the migration fails",
    remedy: "create the index `on only` the parent, build one `concurrently` on each partition, and attach those; an index of a \
             partitioned table is dropped without `concurrently`, under a short `lock_timeout`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
        "https://www.postgresql.org/docs/18/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
    ],
    bad: &[
        "create table public.events (id bigint, at date) partition by range (at);\n-- then\ncreate index concurrently events_at_idx on public.events (at);",
        "create table public.events (id bigint, at date) partition by range (at);\ncreate index events_at_idx on public.events (at);\n-- then\ndrop index concurrently public.events_at_idx;",
    ],
    good: &[
        "create table public.events (id bigint, at date) partition by range (at);\ncreate table public.events_2025 partition of public.events for values from ('2025-01-01') to ('2026-01-01');\n-- then\ncreate index concurrently events_2025_at_idx on public.events_2025 (at);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::CreateIndex(index) if index.concurrently => {
            let Some(table) = cx.table(&index.table).filter(|table| table.kind == TableKind::Partitioned) else {
                return;
            };
            let finding = cx
                .finding(
                    index.table.span,
                    format!("an index cannot be built concurrently on the partitioned table `{}`", table.name),
                )
                .label("partitioned")
                .see(table.created, "partitioned here")
                .object(&table.name)
                .help(recipe(cx, index));
            out.push(finding);
        }
        StmtKind::Drop(drop) if drop.concurrently && drop.kind == ObjectKind::Index => {
            for name in &drop.names {
                let Some(index) = cx.schema.indexes.get(&cx.resolve(name)) else { continue };
                if cx.schema.tables.get(&index.table).is_none_or(|table| table.kind != TableKind::Partitioned) {
                    continue;
                }
                let message =
                    format!("`{}` belongs to a partitioned table and cannot be dropped concurrently", index.name);
                let finding = cx
                    .finding(name.span, message)
                    .label(format!("an index of the partitioned table {}", index.table))
                    .object(&index.table)
                    .help(format!(
                        "drop it under a short lock timeout:\nset local lock_timeout = '3s';\ndrop index {name};"
                    ));
                out.push(finding);
            }
        }
        _ => {}
    }
}
