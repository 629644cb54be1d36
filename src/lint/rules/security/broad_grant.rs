//! `broad-grant`: more privileges for more people than anybody needs.

use super::ask::listed;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{AlterDefaultPrivileges, Grant, GrantTarget, Ident, ObjectKind, StmtKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "broad-grant",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "`grant all`, a grant on tables to PUBLIC, CREATE on a schema, or default privileges, for roles that everybody can have",
    effect: "ALL on a table holds TRUNCATE, which row-level security does not stop, and every privilege to come; what PUBLIC or `anon` may do, \
             everybody may do",
    remedy: "grant what is needed, by name, to the role that needs it: `grant select, insert on … to authenticated`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-priv.html", "https://www.postgresql.org/docs/18/sql-grant.html"],
    bad: &[
        "create schema app;\ncreate table app.notes (id bigint primary key);\ngrant all on app.notes to anon;\n",
        "create schema app;\ncreate table app.notes (id bigint primary key);\ngrant select on app.notes to public;\n",
        "create schema app;\ngrant create on schema app to public;\n",
        "create schema app;\nalter default privileges in schema app grant select on tables to anon;\n",
    ],
    good: &[
        "create schema app;\ncreate table app.notes (id bigint primary key);\n\
         grant select, insert on app.notes to authenticated;\ngrant all on app.notes to service_role;\n",
        "create schema app;\ngrant usage on schema app to anon, authenticated;\n",
    ],
    checks: &[Check::Statement(check)],
};

/// Roles of the platform that may do everything anyway.
const TRUSTED: &[&str] = &[
    "service_role",
    "postgres",
    "dashboard_user",
    "supabase_admin",
    "supabase_auth_admin",
    "supabase_storage_admin",
    "supabase_functions_admin",
    "supabase_realtime_admin",
    "supabase_replication_admin",
    "current_user",
    "session_user",
    "current_role",
];

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::Grant(grant) if !grant.revoke => check_grant(cx, grant, out),
        StmtKind::AlterDefaultPrivileges(alter) if !alter.revoke => check_default(cx, alter, out),
        _ => {}
    }
}

/// For whom a grant is.
struct To<'a> {
    /// PUBLIC.
    public: Vec<&'a str>,
    /// Roles that callers have who never signed in.
    anonymous: Vec<&'a str>,
    /// The other roles of the API.
    clients: Vec<&'a str>,
    /// Roles of the project's own.
    others: Vec<&'a str>,
}

fn to<'a>(cx: &EventCx<'_>, grantees: &'a [Ident]) -> To<'a> {
    let mut to = To { public: Vec::new(), anonymous: Vec::new(), clients: Vec::new(), others: Vec::new() };
    for role in grantees.iter().map(|role| role.value.as_str()) {
        let list = match role {
            "public" => &mut to.public,
            "anon" => &mut to.anonymous,
            _ if cx.config.api_roles.iter().any(|api| api == role) => &mut to.clients,
            _ if TRUSTED.contains(&role) => continue,
            _ => &mut to.others,
        };
        list.push(role);
    }
    to
}

fn span_of(grantees: &[Ident], roles: &[&str]) -> Option<Span> {
    grantees.iter().find(|role| roles.contains(&role.value.as_str())).map(|role| role.span)
}

fn check_grant(cx: &EventCx<'_>, grant: &Grant, out: &mut Findings) {
    let is_all = grant.privileges.iter().any(|privilege| privilege == "all");
    let (kind, object) = match &grant.target {
        GrantTarget::Objects(kind, names) => (*kind, names.iter().map(ToString::to_string).collect::<Vec<_>>()),
        GrantTarget::AllInSchema(kind, schemas) => {
            (*kind, schemas.iter().map(|schema| format!("all {} in schema {}", plural(*kind), schema.value)).collect())
        }
        // ALL on a function is EXECUTE; roles are `role-escalation`'s.
        GrantTarget::Routines(_) | GrantTarget::Roles(_) => return,
    };
    let to = to(cx, &grant.grantees);
    let everybody: Vec<&str> = to.public.iter().chain(&to.anonymous).copied().collect();
    let of_rows =
        matches!(kind, ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::ForeignTable);
    let creates =
        kind == ObjectKind::Schema && (is_all || grant.privileges.iter().any(|privilege| privilege == "create"));
    let object = listed(&object);
    let (roles, message, label, level) = if creates {
        let roles: Vec<&str> = everybody.iter().chain(&to.clients).copied().collect();
        let message = format!("{} may create objects in schema {object}", listed(&roles));
        (roles, message, "CREATE on a schema", RULE.level)
    } else if of_rows && is_all {
        let mut roles: Vec<&str> = everybody.iter().chain(&to.clients).copied().collect();
        let level = if everybody.is_empty() { Level::Warning } else { RULE.level };
        if roles.is_empty() {
            roles.clone_from(&to.others);
        }
        let message = format!("{} may do everything with {object}, TRUNCATE too", listed(&roles));
        (roles, message, "more than is needed", level)
    } else if of_rows && !to.public.is_empty() {
        let message = format!("every role may {} {object}", grant.privileges.join(", "));
        (to.public.clone(), message, "PUBLIC is everybody", RULE.level)
    } else if kind == ObjectKind::Database && is_all {
        let mut roles = everybody.clone();
        roles.extend(&to.clients);
        let message = format!("{} may create schemas in database {object}", listed(&roles));
        (roles, message, "more than is needed", RULE.level)
    } else if of_rows && is_write(&grant.privileges) && matches!(grant.target, GrantTarget::AllInSchema(..)) {
        let message = format!("{} may write {object}", listed(&to.anonymous));
        (to.anonymous.clone(), message, "without signing in", RULE.level)
    } else {
        return;
    };
    let Some(span) = span_of(&grant.grantees, &roles) else { return };
    out.push(cx.finding(span, message).label(label).about(object.replace('`', "")).at_level(level).help(
        "grant what is needed, by name, to the role that needs it: `grant select, insert on … to authenticated`",
    ));
}

fn check_default(cx: &EventCx<'_>, alter: &AlterDefaultPrivileges, out: &mut Findings) {
    let to = to(cx, &alter.grantees);
    let is_all = alter.privileges.iter().any(|privilege| privilege == "all");
    let mut roles: Vec<&str> = to.public.iter().chain(&to.anonymous).copied().collect();
    if is_all && alter.kind == ObjectKind::Table {
        roles.extend(&to.clients);
    }
    // USAGE on types is what everybody has by default.
    let Some(span) = span_of(&alter.grantees, &roles).filter(|_| alter.kind != ObjectKind::Type) else { return };
    let verb = if roles.len() == 1 { "gets" } else { "get" };
    let finding = cx
        .finding(span, format!("{} {verb} privileges on all {} to come", listed(&roles), plural(alter.kind)))
        .label("on what nobody has written yet")
        .about(format!("default privileges on {}", plural(alter.kind)))
        .help("grant on each object what it needs, when it is created");
    // What the platform has set so before is worth a word, no more.
    let is_set = cx.schema.default_privileges.iter().any(|set| {
        !set.revoke
            && set.kind == alter.kind
            && set.schemas.len() == alter.schemas.len()
            && alter.schemas.iter().all(|schema| set.schemas.contains(&schema.value))
            && roles.iter().all(|role| set.grantees.iter().any(|grantee| grantee == role))
    });
    out.push(if is_set { finding.at_level(Level::Warning) } else { finding });
}

fn is_write(privileges: &[String]) -> bool {
    privileges.iter().any(|privilege| matches!(privilege.as_str(), "insert" | "update" | "delete" | "truncate"))
}

fn plural(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Sequence => "sequences",
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine => "functions",
        ObjectKind::Type | ObjectKind::Domain => "types",
        ObjectKind::Schema => "schemas",
        _ => "tables",
    }
}
