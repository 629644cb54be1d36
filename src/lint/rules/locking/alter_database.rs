//! `alter-database`: a migration changes the whole database.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "alter-database",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`alter database`",
    effect: "the change counts for every new session of the database, whoever opens it, and names a database that has another name \
             elsewhere; it is not undone by going back",
    remedy: "configure the database where it is made; for one role or function, set it there",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-alterdatabase.html"],
    bad: &["alter database postgres set timezone = 'UTC';"],
    good: &["set local timezone = 'UTC';"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    if let StmtKind::AlterDatabase { name } = &cx.stmt().kind {
        out.push(
            cx.finding(cx.stmt().span, format!("`alter database` changes `{name}` for everybody who uses it"))
                .label("the name differs from one environment to the next")
                .about(name.to_string())
                .help("configure the database where it is made"),
        );
    }
}
