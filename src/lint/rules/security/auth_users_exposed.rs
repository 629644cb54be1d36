//! `auth-users-exposed`: the accounts of `auth.users` shown by the API.

use super::ask::{access, body};
use crate::diagnostic::Level;
use crate::lint::schema::{Function, QName, View};
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{CreateRoutine, Returns};

pub(super) static RULE: Rule = Rule {
    id: "auth-users-exposed",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a view, materialised view or SECURITY DEFINER function in an exposed schema returns rows of `auth.users`",
    effect: "clients read the e-mail addresses, phone numbers and metadata of all accounts",
    remedy: "keep what others may see in a table of your own with policies (`public.profiles`), filled by a trigger on `auth.users`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://supabase.com/docs/guides/database/database-linter?lint=0002_auth_users_exposed"],
    bad: &[
        "create view public.people as select id, email from auth.users;\n",
        "create materialized view public.people as select id, email from auth.users;\n",
    ],
    good: &[
        "create view public.people with (security_invoker = on) as select id, email from auth.users;\n",
        "create schema private;\ncreate view private.people as select id, email from auth.users;\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for view in cx.schema.views.values() {
        if is_shown(cx, view) {
            let kind = if view.materialized { "materialized view" } else { "view" };
            out.push(
                cx.finding(
                    view.created,
                    format!("{kind} `{}` shows the accounts of `auth.users` to clients", view.name),
                )
                .label("reads `auth.users`")
                .object(&view.name)
                .help("show a table of your own with policies, filled by a trigger on `auth.users`"),
            );
        }
    }
    for function in cx.schema.functions.values().flatten() {
        if function.security_definer
            && function.created.file.is_some()
            && cx.config.is_exposed(&function.name.schema)
            && !access::api_roles(cx.config, &function.acl, "execute").is_empty()
            && function.definition.as_deref().is_some_and(|definition| returns_users(cx, function, definition))
        {
            out.push(
                cx.finding(
                    function.created,
                    format!("`{}` returns accounts of `auth.users` to clients", function.name),
                )
                .label("`security definer`, reads `auth.users`")
                .about(format!("{}{}", function.name, function.signature()))
                .help(
                    "return rows of a table of your own with policies; or only the caller's: `where id = auth.uid()`",
                ),
            );
        }
    }
}

fn is_shown(cx: &ChainCx<'_>, view: &View) -> bool {
    view.created.file.is_some()
        && view.reads.contains(&users())
        && cx.config.is_exposed(&view.name.schema)
        && access::is_reachable(cx.config, &view.acl)
        // As the caller nobody reads `auth.users`: it has row-level security, and no policy.
        && (view.materialized || !view.is_security_invoker() || cx.config.pg_version < 15)
}

fn users() -> QName {
    QName::new("auth", "users")
}

/// Whether it returns rows that it takes from there, and not only the caller's.
fn returns_users(cx: &ChainCx<'_>, function: &Function, definition: &CreateRoutine) -> bool {
    const PRIVATE: &[&str] = &[
        "email",
        "phone",
        "encrypted_password",
        "raw_user_meta_data",
        "raw_app_meta_data",
        "confirmation_token",
        "recovery_token",
        "last_sign_in_at",
    ];
    if matches!(function.returns.as_str(), "setof auth.users" | "auth.users") {
        return true;
    }
    let is_set = function.returns.starts_with("setof ") || matches!(definition.returns, Some(Returns::Table(_)));
    let Some(does) = body::does(definition).filter(|does| is_set && !does.writes) else { return false };
    does.relations.iter().any(|name| cx.schema.resolve(name) == users())
        && does.columns.iter().any(|column| PRIVATE.contains(&column.as_str()))
        && !body::asks_caller(cx.schema, definition)
}
