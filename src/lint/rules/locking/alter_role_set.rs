//! `alter-role-set`: a migration changes what every session of a role starts with.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "alter-role-set",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`alter role … set`",
    effect: "roles belong to the whole server: every new session of the role gets the setting, in this database and (without \
             `in database`) in all others; it is not undone by going back",
    remedy: "set it where roles are managed, or in the function or session that needs it",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-alterrole.html"],
    bad: &["create role reporter;\n-- then\nalter role reporter set statement_timeout = '1min';"],
    good: &["create role reporter;\n-- then\nalter role reporter login;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateRole(role) = &cx.stmt().kind else { return };
    if !role.alter || !role.options.iter().any(|(option, _)| option == "set" || option == "reset") {
        return;
    }
    let who = if role.name.value == "all" { "every role".to_owned() } else { format!("`{}`", role.name.value) };
    out.push(
        cx.finding(cx.stmt().span, format!("`alter role … set` changes the sessions of {who} from now on"))
            .label("roles belong to the whole server")
            .about(role.name.value.clone())
            .help("set it where roles are managed"),
    );
}
