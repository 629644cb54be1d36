//! `secdef-no-caller-check`: a SECURITY DEFINER function that does not ask who is calling.

use super::ask::{body, is_managed, listed};
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "secdef-no-caller-check",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Note,
    opt_in: false,
    condition: "a SECURITY DEFINER function that clients can call never asks who is calling",
    effect: "it reads or writes past row-level security, the same for everybody: nothing in it tells a caller's rows from others'",
    remedy: "compare with `auth.uid()` or a claim of `auth.jwt()`, or raise an exception for callers who may not",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://github.com/supabase/splinter/issues/172"],
    bad: &["create schema app;\ngrant usage on schema app to authenticated;\n\
            create function app.remove_user(p_id uuid) returns void language sql security definer set search_path = '' as $$\n  \
            delete from auth.users where id = p_id\n$$;\n\
            revoke execute on function app.remove_user(uuid) from public;\n\
            grant execute on function app.remove_user(uuid) to authenticated;\n"],
    good: &[
        "create schema app;\ngrant usage on schema app to authenticated;\n\
         create function app.remove_me() returns void language sql security definer set search_path = '' as $$\n  \
         delete from auth.users where id = auth.uid()\n$$;\n\
         revoke execute on function app.remove_me() from public;\n\
         grant execute on function app.remove_me() to authenticated;\n",
        "create schema app;\n\
         create function app.remove_user(p_id uuid) returns void language sql security definer set search_path = '' as $$\n  \
         delete from auth.users where id = p_id\n$$;\n\
         revoke execute on function app.remove_user(uuid) from public;\n\
         grant execute on function app.remove_user(uuid) to service_role;\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for function in cx.schema.functions.values().flatten() {
        if !function.security_definer
            || function.created.file.is_none()
            || is_managed(&function.name)
            || body::is_trigger(function)
        {
            continue;
        }
        let exposed = cx.config.is_exposed(&function.name.schema);
        // Elsewhere nobody gets in by what PUBLIC holds by default: a schema of one's own has no USAGE for clients.
        let public = exposed && function.acl.holds("public", "execute");
        let roles: Vec<&str> = cx
            .config
            .api_roles
            .iter()
            .map(String::as_str)
            .filter(|role| public || function.acl.holds(role, "execute"))
            .collect();
        let Some(definition) = function.definition.as_deref().filter(|_| !roles.is_empty()) else { continue };
        let Some(does) = body::does(definition) else { continue };
        if (does.relations.is_empty() && !does.writes) || body::asks_caller(cx.schema, definition) {
            continue;
        }
        out.push(
            cx.finding(
                function.created,
                format!(
                    "`{}` never asks who is calling, and {} can call it past row-level security",
                    function.name,
                    listed(&roles)
                ),
            )
            .label("`security definer` without a check")
            .about(format!("{}{}", function.name, function.signature()))
            .help("compare with `auth.uid()`, or raise an exception for callers who may not"),
        );
    }
}
