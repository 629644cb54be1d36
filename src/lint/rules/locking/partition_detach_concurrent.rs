//! `partition-detach-concurrent`: detaching a partition locks the whole partitioned table.

use super::own_file;
use crate::diagnostic::Level;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{Relation, StmtKind, TableActionKind};

pub(super) static RULE: Rule = Rule {
    id: "partition-detach-concurrent",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`detach partition` without `concurrently`",
    effect: "takes ACCESS EXCLUSIVE on the partitioned table: it waits for every query that runs on any partition, and all that come \
             later wait behind it",
    remedy: "detach it `concurrently`, in a migration without a transaction; where the table has a default partition that is not \
             possible, and a short `lock_timeout` must do",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::Unsafe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION"],
    bad: &[
        "create table public.events (id bigint, at date) partition by range (at);\ncreate table public.events_2025 partition of public.events for values from ('2025-01-01') to ('2026-01-01');\n-- then\nalter table public.events detach partition public.events_2025;",
    ],
    good: &[
        "create table public.events (id bigint, at date) partition by range (at);\ncreate table public.events_2025 partition of public.events for values from ('2025-01-01') to ('2026-01-01');\n-- then\n-- dbctl: no-transaction\nalter table public.events detach partition public.events_2025 concurrently;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return };
    if alter.relation != Relation::Table || cx.config.pg_version < 14 || !cx.is_in_use(&alter.name) {
        return;
    }
    for action in &alter.actions {
        let TableActionKind::DetachPartition { table, concurrently: false, finalize: false } = &action.kind else {
            continue;
        };
        let name = cx.resolve(&alter.name);
        let finding = cx
            .finding(action.span, format!("detaching `{}` blocks every read and write of `{name}`", cx.resolve(table)))
            .label("waits for every query on any partition")
            .object(&name)
            .note("`concurrently` is not possible while the table has a default partition, and leaves a check with the bound behind")
            .help("detach it `concurrently`, in a migration of its own without a transaction");
        let edits = vec![Edit::insert(table.span.end, " concurrently")];
        out.push(
            match own_file::edited(cx, "detach it `concurrently`", edits, &format!("detach_{}", table.object())) {
                // The detached table keeps a check with its bound then.
                Some(fix) => finding.fix(Fix { is_unsafe: true, ..fix }),
                None => finding,
            },
        );
    }
}
