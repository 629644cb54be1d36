//! `psql-meta-command`: what only psql understands.

use super::psql::{is_psql, variable};
use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "psql-meta-command",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a command of psql (`\\set`, `\\i`) or one of its variables (`:name`)",
    effect: "migrations are sent to the server, which does not know psql's commands: the migration fails with a syntax error",
    remedy: "write it in SQL: the included file's text, the value itself, or a DO block",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/app-psql.html"],
    bad: &["\\set owner app\nselect 1;", "select :'owner';"],
    good: &["select 1;"],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let text = cx.file.text();
    for error in cx.file.errors.iter().filter(|error| is_psql(error, text)) {
        let finding = match variable(error, text) {
            Some(span) => cx
                .finding(span, format!("`{}` is a variable of psql, not SQL", span.of(text)))
                .label("psql would put a value here")
                .help("write the value itself"),
            None => cx
                .finding(error.span, error.message.clone())
                .label("the server does not know this")
                .help("remove the line, or write what it does in SQL"),
        };
        out.push(finding);
    }
}
