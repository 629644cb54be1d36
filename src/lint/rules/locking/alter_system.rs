//! `alter-system`: a migration changes the whole server.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "alter-system",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`alter system`",
    effect: "the setting goes into a file of the server and counts for every database on it; it needs a superuser, cannot run in a \
             transaction and is not undone by going back",
    remedy: "set it where the server is configured; what only this database needs belongs there too",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altersystem.html"],
    bad: &["alter system set work_mem = '64MB';"],
    good: &["set local work_mem = '64MB';"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    if matches!(cx.stmt().kind, StmtKind::AlterSystem) {
        out.push(
            cx.finding(cx.stmt().span, "`alter system` changes the settings of the whole server")
                .label("counts for every database on it")
                .help("set it where the server is configured"),
        );
    }
}
