//! `drop-database`: a database is dropped.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use crate::sql::ast::{ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-database",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a database is dropped",
    effect: "everything in it is gone at once, and the statement cannot run inside a transaction",
    remedy: "leave that to an operator: it does not belong into a migration",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropdatabase.html"],
    bad: &["drop database shop;\n", "drop database if exists shop with (force);\n"],
    good: &["create table public.orders (id bigint primary key);\n"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Drop(drop) = &cx.stmt().kind else { return };
    if drop.kind != ObjectKind::Database {
        return;
    }
    for name in &drop.names {
        out.push(
            cx.finding(name.span, format!("drops the whole database `{name}`"))
                .label("everything in it is gone")
                .about(name.to_string())
                .help("take it out of the migration: an operator drops databases, after a backup"),
        );
    }
}
