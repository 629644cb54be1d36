//! `truncate`: all rows of a table go at once, under its strongest lock.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "truncate",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`truncate` of a table that this migration did not create",
    effect: "every row is gone for good, no row trigger fires, and nobody reads or writes the table until the transaction ends \
             (ACCESS EXCLUSIVE)",
    remedy: "delete the rows that must go, in batches, outside the migration",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-truncate.html"],
    bad: &["create table public.orders (id bigint primary key);\n-- then\ntruncate public.orders;"],
    good: &["create temporary table picked (id bigint);\ntruncate picked;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Truncate { tables, cascade: false } = &cx.stmt().kind else { return };
    for table in tables.iter().filter(|table| cx.is_in_use(table)) {
        let name = cx.resolve(table);
        out.push(
            cx.finding(table.span, format!("`truncate` removes every row of `{name}` and blocks all reads and writes"))
                .label("all rows go")
                .object(&name)
                .help(format!("delete in batches what must go: delete from {table} where …;")),
        );
    }
}
