//! `ctas-select-into`: a table made of a query has no constraints.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Name, Persistence, QueryBody, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "ctas-select-into",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "`create table … as` or `select … into` a table that stays",
    effect: "the new table has neither keys nor defaults, `not null`, checks or indexes; the query reads under one long snapshot that \
             holds back VACUUM everywhere",
    remedy: "create the table with its columns and constraints, and fill it in a migration of its own",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createtableas.html",
        "https://www.postgresql.org/docs/18/sql-selectinto.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, state text);\n-- then\ncreate table public.states as select distinct state from public.orders;",
        "create table public.orders (id bigint primary key, state text);\n-- then\nselect distinct state into public.states from public.orders;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, state text);\n-- then\ncreate temporary table states as select distinct state from public.orders;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::CreateTableAs(create) if create.persistence != Persistence::Temporary => {
            report(cx, &create.name, "create table as", out);
        }
        StmtKind::Select(query) => {
            if let QueryBody::Select(select) = &query.body
                && let Some(into) = &select.into
                && into.schema() != Some("pg_temp")
            {
                report(cx, into, "select into", out);
            }
        }
        _ => {}
    }
}

fn report(cx: &EventCx<'_>, table: &Name, command: &str, out: &mut Findings) {
    let name = cx.schema.creation(table);
    out.push(
        cx.finding(table.span, format!("`{command}` makes `{name}` without keys, defaults or constraints"))
            .label("has only columns")
            .object(&name)
            .help(format!("write `create table {table} (…)`, then `insert into {table} select …`")),
    );
}
