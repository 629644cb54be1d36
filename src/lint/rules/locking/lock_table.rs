//! `lock-table`: an explicit lock that keeps others waiting.

use crate::diagnostic::Level;
use crate::lint::ask::lock::lock_mode;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "lock-table",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`lock table` in a mode that keeps writers or readers waiting",
    effect: "others wait from here to the end of the transaction, also while statements run that need no such lock",
    remedy: "leave the lock to the statement that needs it, or keep the transaction as short as can be",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-lock.html"],
    bad: &["create table public.orders (id bigint primary key);\n-- then\nlock table public.orders;"],
    good: &[
        "create table public.orders (id bigint primary key);\n-- then\nlock table public.orders in row share mode;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Lock { tables, mode } = &cx.stmt().kind else { return };
    let mode = lock_mode(mode);
    if mode < LockMode::Share {
        return;
    }
    let who = if mode == LockMode::AccessExclusive { "all reads and writes of" } else { "writes to" };
    for table in tables.iter().filter(|table| cx.is_in_use(table)) {
        let name = cx.resolve(table);
        out.push(
            cx.finding(table.span, format!("`lock table` blocks {who} `{name}` to the end of the transaction"))
                .label("locked by hand")
                .object(&name)
                .lock(mode)
                .help("remove it, or take the weakest mode that does"),
        );
    }
}
