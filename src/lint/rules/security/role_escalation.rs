//! `role-escalation`: a migration that hands out, or takes on, more power than its own.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{CreateRoutine, Expr, Grant, GrantTarget, Name, ObjectKind, SetVariable, StmtKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "role-escalation",
    group: Group::Security,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "SUPERUSER or BYPASSRLS for a role, membership in a role that may do everything, `set role`, `session_replication_role`, or an \
                untrusted language",
    effect: "a superuser, and code in an untrusted language, does everything on the server; `set role` makes what follows depend on who runs \
             the migration; without triggers foreign keys are not checked",
    remedy: "grant the privileges that are needed; name the owner with `alter … owner to`; write functions in `plpgsql` or `sql`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/role-attributes.html",
        "https://www.postgresql.org/docs/18/sql-set-role.html",
        "https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-SESSION-REPLICATION-ROLE",
    ],
    bad: &[
        "create role worker login bypassrls;\n",
        "set session_replication_role = replica;\n",
        "create role worker login;\n-- then\nset role worker;\n",
        "create role worker login;\n-- then\ngrant pg_execute_server_program to worker;\n",
    ],
    good: &[
        "create role worker login nosuperuser nobypassrls;\n",
        "reset role;\nset session_replication_role = origin;\n",
    ],
    checks: &[Check::Anywhere(check)],
};

/// Roles whose members do everything, or enough of it.
const MIGHTY: &[&str] = &[
    "pg_execute_server_program",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_write_all_data",
    "postgres",
    "service_role",
    "supabase_admin",
];
/// Languages whose code may do what the server's own user may.
const UNTRUSTED: &[&str] =
    &["c", "internal", "plperlu", "plpython2u", "plpython3u", "plpythonu", "plsh", "pltclu", "plr", "pljavau"];
/// Languages that only do what their caller may.
const TRUSTED: &[&str] =
    &["plpgsql", "plperl", "pltcl", "plv8", "plls", "plcoffee", "pllua", "plrust", "pljava", "sql"];

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::CreateRole(role) => {
            for (option, span) in &role.options {
                let does = match option.as_str() {
                    "superuser" => "does everything on the server",
                    "bypassrls" => "sees every row of every table, whatever the policies say",
                    _ => continue,
                };
                report(
                    cx,
                    out,
                    *span,
                    &role.name.value,
                    format!("role `{}` {does}", role.name.value),
                    "a power of its own",
                );
            }
        }
        StmtKind::Grant(grant) => check_grant(cx, grant, out),
        StmtKind::Set(set) => check_set(cx, set, out),
        StmtKind::CreateRoutine(routine) => check_language(cx, routine, out),
        StmtKind::CreateExtension(create) if UNTRUSTED.contains(&create.name.value.as_str()) => {
            untrusted(cx, out, create.name.span, &create.name.value);
        }
        StmtKind::CreateObject(create) if create.kind == ObjectKind::Language => {
            let Some(name) = &create.name else { return };
            let is_trusted = TRUSTED.contains(&name.object()) || has_word(cx.text(cx.stmt().span), "trusted", name);
            if !is_trusted {
                untrusted(cx, out, name.span, name.object());
            }
        }
        StmtKind::Select(query) => query.exprs().into_iter().for_each(|expr| check_set_config(cx, expr, out)),
        _ => {}
    }
}

fn report(cx: &EventCx<'_>, out: &mut Findings, span: Span, about: &str, message: String, label: &str) {
    out.push(cx.finding(span, message).label(label).about(about).help(RULE.remedy));
}

fn untrusted(cx: &EventCx<'_>, out: &mut Findings, span: Span, language: &str) {
    let message = format!("code in `{language}` does on the server what PostgreSQL's own user may");
    report(cx, out, span, language, message, "untrusted language");
}

fn check_language(cx: &EventCx<'_>, routine: &CreateRoutine, out: &mut Findings) {
    if let Some(language) = &routine.language
        && UNTRUSTED.contains(&language.value.as_str())
    {
        untrusted(cx, out, language.span, &language.value);
    }
}

fn check_grant(cx: &EventCx<'_>, grant: &Grant, out: &mut Findings) {
    let GrantTarget::Roles(roles) = &grant.target else { return };
    if grant.revoke {
        return;
    }
    for role in roles.iter().filter(|role| MIGHTY.contains(&role.value.as_str())) {
        // That one may become the others is how the platform itself is made.
        let members: Vec<&str> = grant
            .grantees
            .iter()
            .map(|member| member.value.as_str())
            .filter(|member| !MIGHTY.contains(member) && *member != "authenticator" && !member.starts_with("supabase_"))
            .collect();
        let Some(member) = members.first() else { continue };
        let message = format!("`{member}` may do everything that `{}` may", role.value);
        report(cx, out, role.span, member, message, "a mighty role");
    }
}

fn check_set(cx: &EventCx<'_>, set: &SetVariable, out: &mut Findings) {
    let span = cx.stmt().span;
    let value = set.values.first().map(|value| value.to_lowercase());
    if set.reset {
        return;
    }
    match (set.name.as_str(), value.as_deref()) {
        ("role" | "session_authorization", Some("none")) => {}
        ("role" | "session_authorization", Some(role)) => {
            let message = format!("from here on the migration runs as `{role}`, if whoever runs it may");
            report(cx, out, span, role, message, "another role");
        }
        ("session_replication_role", Some(value)) if value != "origin" && value != "local" => {
            let message = "triggers and foreign keys are off from here on".to_owned();
            report(cx, out, span, "session_replication_role", message, "no triggers");
        }
        _ => {}
    }
}

fn check_set_config(cx: &EventCx<'_>, expr: &Expr, out: &mut Findings) {
    let crate::sql::ast::ExprKind::Call { name, args, .. } = &expr.kind else { return };
    if !name.is("pg_catalog", "set_config") {
        return;
    }
    let text = |at: usize| args.get(at).and_then(Expr::as_string).map(str::to_lowercase);
    if text(0).as_deref() == Some("session_replication_role") && text(1).is_some_and(|value| value == "replica") {
        let message = "triggers and foreign keys are off from here on".to_owned();
        report(cx, out, expr.span, "session_replication_role", message, "no triggers");
    }
}

/// Whether the word stands before the name.
fn has_word(text: &str, word: &str, name: &Name) -> bool {
    text.split_whitespace()
        .take_while(|it| !it.eq_ignore_ascii_case(name.object()))
        .any(|it| it.eq_ignore_ascii_case(word))
}
