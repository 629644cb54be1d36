//! `partition-default-scan`: a new partition reads the default partition, whose rows might belong to the new one.

use crate::diagnostic::Level;
use crate::lint::ask::partition_bound::{default_partition, is_proven};
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Origin, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{Name, PartitionBound, StmtKind, TableActionKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "partition-default-scan",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "a partition is added to a table that has a default partition",
    effect: "every row of the default partition is read under ACCESS EXCLUSIVE to see that none belongs to the new one, which fails \
             if one does; nobody reads or writes the default partition meanwhile",
    remedy: "keep the default partition empty, or give it a validated check that leaves the new bound out",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION"],
    bad: &[
        "create table public.events (id bigint, at date not null) partition by range (at);\ncreate table public.events_rest partition of public.events default;\n-- then\ncreate table public.events_2025 partition of public.events for values from ('2025-01-01') to ('2026-01-01');",
    ],
    good: &[
        "create table public.events (id bigint, at date not null) partition by range (at);\n-- then\n-- no default partition has taken rows yet\ncreate table public.events_2025 partition of public.events for values from ('2025-01-01') to ('2026-01-01');",
        "create table public.events (id bigint, at date not null) partition by range (at);\ncreate table public.events_rest partition of public.events default;\ncreate table public.events_2025 partition of public.events for values from ('2025-01-01') to ('2026-01-01');",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    for event in cx.file.events.iter().filter(|event| event.origin != Origin::Routine) {
        match &event.stmt.kind {
            StmtKind::CreateTable(create) => {
                if let (Some(parent), Some(PartitionBound::Values(bound))) = (&create.partition_of, &create.bound) {
                    added(cx, &create.name, parent, *bound, out);
                }
            }
            StmtKind::AlterTable(alter) => {
                for action in &alter.actions {
                    if let TableActionKind::AttachPartition { table, bound: Some(PartitionBound::Values(bound)) } =
                        &action.kind
                    {
                        added(cx, table, &alter.name, *bound, out);
                    }
                }
            }
            _ => {}
        }
    }
}

fn added(cx: &FileCx<'_>, child: &Name, parent: &Name, bound: Span, out: &mut Findings) {
    // The state is that before the file: a default partition made in it is empty, or was filled on purpose.
    let parent = cx.schema.resolve(parent);
    let Some(default) = default_partition(cx.schema, cx.files, &parent) else { return };
    if is_proven(default, bound.of(cx.file.text())) {
        return;
    }
    let finding = cx
        .finding(
            bound,
            format!(
                "adding `{}` reads every row of the default partition `{}`",
                cx.schema.creation(child),
                default.name
            ),
        )
        .label("rows of the default partition might belong here")
        .see(default.created, "the default partition")
        .object(&default.name)
        .help("keep the default partition empty, or give it a validated check that leaves this bound out");
    out.push(finding);
}
