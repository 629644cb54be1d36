//! `vacuum-full-cluster`: `vacuum full` and `cluster` write a table anew while nobody can read it.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{Name, StmtKind};
use crate::text::count;

pub(super) static RULE: Rule = Rule {
    id: "vacuum-full-cluster",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`vacuum full` or `cluster`",
    effect: "the table and its indexes are written anew under an ACCESS EXCLUSIVE lock: nobody reads or writes the table for as \
             long as that takes, and the disk must hold both copies",
    remedy: "rewrite the table with pg_repack or pg_squeeze (PostgreSQL 19: `repack (concurrently)`), or do it in a maintenance \
             window; a plain `vacuum` lets others go on",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-vacuum.html",
        "https://www.postgresql.org/docs/18/sql-cluster.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nvacuum full public.orders;",
        "create table public.orders (id bigint primary key);\n-- then\ncluster public.orders using orders_pkey;",
    ],
    good: &["create table public.orders (id bigint primary key);\n-- then\nvacuum (analyze) public.orders;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::Vacuum { full: true, tables } => {
            let tables: Vec<&Name> = tables.iter().collect();
            report(cx, "vacuum full", &tables, out);
        }
        StmtKind::Cluster { table, concurrently: false } => {
            let tables: Vec<&Name> = table.iter().collect();
            report(cx, "cluster", &tables, out);
        }
        _ => {}
    }
}

fn report(cx: &EventCx<'_>, command: &str, tables: &[&Name], out: &mut Findings) {
    let used: Vec<&&Name> = tables.iter().filter(|name| cx.is_in_use(name)).collect();
    let message = match used.as_slice() {
        [] if tables.is_empty() => {
            out.push(
                cx.finding(
                    cx.stmt().span,
                    format!("`{command}` rewrites every table and blocks reads and writes of each"),
                )
                .label("one table after the other is locked and written anew")
                .help("name the tables, and rewrite them with pg_repack or in a maintenance window"),
            );
            return;
        }
        [] => return,
        [only] => format!("`{command}` rewrites `{}` and blocks all reads and writes meanwhile", cx.resolve(only)),
        many => format!(
            "`{command}` rewrites {} and blocks all reads and writes of each meanwhile",
            count(many.len(), "table")
        ),
    };
    let finding = cx.finding(cx.stmt().span, message).label("the whole table is written anew under its strongest lock");
    let finding = match used.first() {
        Some(first) => finding
            .object(&cx.resolve(first))
            .help(format!("rewrite it from outside while it is in use: pg_repack --table={}", cx.resolve(first))),
        None => finding,
    };
    out.push(finding);
}
