//! `replica-identity`: the replica identity of a table is changed.

use super::gone::actions;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::TableActionKind;

pub(super) static RULE: Rule = Rule {
    id: "replica-identity",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "the replica identity of a table is changed",
    effect: "subscribers get other columns for updates and deletes: with `full` the write-ahead log grows by whole rows, with `nothing` an update of a published table fails; clients of change feeds see other old values",
    remedy: "make sure that every subscriber and change feed can do with it",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY",
        "https://www.postgresql.org/docs/18/logical-replication-publication.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders replica identity full;\n",
    ],
    good: &["create table public.orders (id bigint primary key);\nalter table public.orders replica identity full;\n"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some((alter, table)) = actions(cx) else { return };
    for action in &alter.actions {
        let TableActionKind::ReplicaIdentity(identity) = &action.kind else { continue };
        let cost = match identity.as_str() {
            "full" => "every update and delete writes the whole old row to the log",
            "nothing" => "updates and deletes fail while the table is published",
            "default" => "subscribers get the primary key alone",
            _ => "subscribers get the columns of the index alone",
        };
        out.push(
            cx.finding(action.span, format!("changes the replica identity of `{table}`: {cost}"))
                .label("what subscribers see of old rows")
                .object(&table)
                .help("make sure that every subscriber and change feed of the table can do with it"),
        );
    }
}
