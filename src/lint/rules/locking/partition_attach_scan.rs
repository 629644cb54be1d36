//! `partition-attach-scan`: attaching a table reads all its rows, unless a check says that they fit.

use crate::diagnostic::Level;
use crate::lint::ask::partition_bound::is_proven;
use crate::lint::rules::suggest;
use crate::lint::schema::TableKind;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{PartitionBound, Relation, StmtKind, TableActionKind};

pub(super) static RULE: Rule = Rule {
    id: "partition-attach-scan",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`attach partition` of a table that this migration did not create, without a validated check that matches the bound",
    effect: "every row of the table is read under ACCESS EXCLUSIVE to see that it fits, and nobody reads or writes the table \
             meanwhile",
    remedy: "add a check that says what the bound says (and that the key is not null) `not valid`, validate it in a later migration, \
             attach after that, and drop the check",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE"],
    bad: &[
        "create table public.events (id bigint, at date not null) partition by range (at);\ncreate table public.events_2025 (id bigint, at date not null);\n-- then\nalter table public.events attach partition public.events_2025 for values from ('2025-01-01') to ('2026-01-01');",
    ],
    good: &[
        "create table public.events (id bigint, at date not null) partition by range (at);\ncreate table public.events_2025 (id bigint, at date not null, constraint events_2025_at_check check (at >= '2025-01-01' and at < '2026-01-01'));\n-- then\n-- the table has a check that says the same\nalter table public.events attach partition public.events_2025 for values from ('2025-01-01') to ('2026-01-01');",
        "create table public.events (id bigint, at date not null) partition by range (at);\n-- then\ncreate table public.events_2025 (like public.events);\nalter table public.events attach partition public.events_2025 for values from ('2025-01-01') to ('2026-01-01');",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return };
    if alter.relation != Relation::Table {
        return;
    }
    for action in &alter.actions {
        let TableActionKind::AttachPartition { table: child, bound: Some(bound) } = &action.kind else { continue };
        if !cx.is_in_use(child) {
            continue;
        }
        let known = cx.table(child);
        let bound = match bound {
            PartitionBound::Default => "",
            PartitionBound::Values(span) => cx.text(*span),
        };
        // What a foreign table holds is not looked at.
        if known.is_some_and(|table| table.kind == TableKind::Foreign || is_proven(table, bound)) {
            continue;
        }
        let name = cx.resolve(child);
        let finding = cx
            .finding(
                child.span,
                format!("attaching reads every row of `{name}` while all its readers and writers wait"),
            )
            .label("no validated check says that its rows fit")
            .object(&name)
            .help(format!(
                "let a check be validated first, in migrations of their own:\n\
                 alter table {child} {add};\n\
                 alter table {child} validate constraint {check};",
                add = suggest::constraint(&format!("{}_bound", name.name), "check (…) not valid"),
                check = crate::text::bare_ident(&format!("{}_bound", name.name)),
            ));
        out.push(finding);
    }
}
