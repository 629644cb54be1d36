//! `secdef-executable`: a SECURITY DEFINER function that clients of the API can call.

use super::ask::{access, body, is_managed, listed, place};
use crate::diagnostic::Level;
use crate::lint::schema::Function;
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::{GrantTarget, StmtKind};

/// The option's name.
const TRIGGERS: &str = "triggers";

pub(super) static RULE: Rule = Rule {
    id: "secdef-executable",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a SECURITY DEFINER function in an exposed schema can be executed by `anon` or `authenticated`",
    effect: "EXECUTE is granted by default: anybody calls it as `/rest/v1/rpc/…`, and it reads and writes past row-level security",
    remedy: "revoke EXECUTE from `public`, `anon` and `authenticated`, or move the function to a schema that is not exposed",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[RuleOption {
        name: TRIGGERS,
        preset: Preset::Flag(false),
        help: "also functions that only a trigger can run, as Supabase's advisor counts them",
    }],
    sources: &[
        "https://www.postgresql.org/docs/18/ddl-priv.html",
        "https://supabase.com/docs/guides/database/database-linter?lint=0028_anon_security_definer_function_executable",
    ],
    bad: &[
        "create function public.user_count() returns bigint language sql stable security definer set search_path = '' as $$\n  \
            select count(*) from auth.users where auth.role() = 'service_role'\n$$;\n",
    ],
    good: &[
        "create function public.user_count() returns bigint language sql stable security definer set search_path = '' as $$\n  \
         select count(*) from auth.users where auth.role() = 'service_role'\n$$;\n\
         revoke execute on function public.user_count() from public, anon, authenticated;\n",
        "create schema private;\n\
         create function private.user_count() returns bigint language sql stable security definer set search_path = '' as $$\n  \
         select count(*) from auth.users\n$$;\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for function in cx.schema.functions.values().flatten() {
        if !function.security_definer
            || function.created.file.is_none()
            || is_managed(&function.name)
            || !cx.config.is_exposed(&function.name.schema)
            // Only a trigger can run it, whoever may execute it.
            || (body::is_trigger(function) && !cx.options(function.created.file.unwrap_or_default()).flag(TRIGGERS))
        {
            continue;
        }
        let roles = access::api_roles(cx.config, &function.acl, "execute");
        if roles.is_empty() {
            continue;
        }
        let signature = format!("{}{}", function.name, function.signature());
        let everybody = roles.contains(&"anon") || function.acl.holds("public", "execute");
        let revoke = format!("revoke execute on function {signature} from public, {}", cx.config.api_roles.join(", "));
        let mut finding = cx
            .finding(
                function.created,
                format!(
                    "{} can call `{}`, which runs as its owner, past row-level security",
                    listed(&roles),
                    function.name
                ),
            )
            .label("`security definer`, in an exposed schema")
            .about(&signature)
            .help(format!("write `{revoke};`, and grant it to the roles that need it"))
            .help("or move it to a schema that is not exposed");
        if !everybody {
            finding = finding.at_level(Level::Note);
        }
        if !is_granted(cx, function)
            && let Some(at) = place::after(cx.files, function.created)
        {
            finding = finding.fix(Fix::unchecked("revoke EXECUTE", vec![Edit::insert(at, format!("\n{revoke};"))]));
        }
        out.push(finding);
    }
}

/// Whether a migration grants it to somebody by name: then clients may be meant to call it.
fn is_granted(cx: &ChainCx<'_>, function: &Function) -> bool {
    cx.files.iter().flat_map(|file| &file.events).any(|event| match &event.stmt.kind {
        StmtKind::Grant(grant) if !grant.revoke => match &grant.target {
            GrantTarget::Routines(routines) => {
                routines.iter().any(|routine| cx.schema.resolve(&routine.name) == function.name)
            }
            _ => false,
        },
        _ => false,
    })
}
