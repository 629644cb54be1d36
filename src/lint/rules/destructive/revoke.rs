//! `revoke`: privileges on an object that was there before this migration are taken away.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use super::gone::{dropped_name, place_of, shown, table_goes};
use crate::lint::ask::facts::noun;
use crate::lint::schema::QName;
use crate::sql::ast::{GrantTarget, ObjectKind, StmtKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "revoke",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "privileges on an object that was there before this migration are taken away",
    effect: "programs that run with the role fail with `permission denied` from then on",
    remedy: "make sure that no released program needs them",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-revoke.html"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\ngrant select on public.orders to public;\n-- then\nrevoke select on public.orders from public;\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nrevoke all on all tables in schema public from public;\n",
    ],
    good: &[
        "create function public.total() returns int language sql as 'select 1';\nrevoke execute on function public.total() from public;\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nrevoke select on public.orders from public;\ngrant select on public.orders to public;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Grant(grant) = &cx.stmt().kind else { return };
    if !grant.revoke || grant.option {
        return;
    }
    let (what, is_new) = match &grant.target {
        GrantTarget::Objects(kind, names) => {
            if names.iter().any(|name| table_goes(cx, &cx.resolve(name))) {
                return;
            }
            let full: Vec<QName> = names.iter().map(|name| dropped_name(cx, *kind, name)).collect();
            let is_new = full.iter().all(|name| is_new(cx, *kind, name));
            (full.iter().map(shown).collect::<Vec<_>>().join(", "), is_new)
        }
        GrantTarget::Routines(routines) => {
            let full: Vec<QName> = routines.iter().map(|it| cx.resolve(&it.name)).collect();
            let is_new = full.iter().all(|name| is_new(cx, ObjectKind::Function, name));
            (full.iter().map(shown).collect::<Vec<_>>().join(", "), is_new)
        }
        GrantTarget::AllInSchema(kind, schemas) => {
            let schemas: Vec<String> = schemas.iter().map(|schema| bare_ident(&schema.value).into_owned()).collect();
            (format!("every {} in {}", noun(*kind), schemas.join(", ")), false)
        }
        GrantTarget::Roles(roles) => {
            (roles.iter().map(|role| bare_ident(&role.value)).collect::<Vec<_>>().join(", "), false)
        }
    };
    // What is narrowed and then granted anew says what it wants.
    let is_back = cx.later().any(|event| match &event.stmt.kind {
        StmtKind::Grant(later) => {
            !later.revoke
                && targets(&later.target) == targets(&grant.target)
                && later.grantees.iter().any(|to| grant.grantees.iter().any(|from| from.value == to.value))
        }
        _ => false,
    });
    if is_new || is_back {
        return;
    }
    let privileges = if grant.privileges.is_empty() { "membership".to_owned() } else { grant.privileges.join(", ") };
    let from: Vec<String> = grant.grantees.iter().map(|role| bare_ident(&role.value).into_owned()).collect();
    let from = from.join(", ");
    out.push(
        cx.finding(cx.stmt().span, format!("takes {privileges} on `{what}` from `{from}`"))
            .label("what needs it fails from here on")
            .about(what)
            .help(format!("make sure that no released program does this as `{from}`")),
    );
}

fn is_new(cx: &EventCx<'_>, kind: ObjectKind, name: &QName) -> bool {
    let kind = if kind == ObjectKind::Table && cx.schema.views.contains_key(name) { ObjectKind::View } else { kind };
    place_of(cx, kind, name).is_some_and(|place| place.is_in(cx.file.id))
}

/// The objects as written, for comparing two grants.
fn targets(target: &GrantTarget) -> Vec<String> {
    match target {
        GrantTarget::Objects(_, names) => names.iter().map(ToString::to_string).collect(),
        GrantTarget::Routines(routines) => routines.iter().map(|it| it.name.to_string()).collect(),
        GrantTarget::AllInSchema(kind, schemas) => {
            schemas.iter().map(|schema| format!("{kind:?} {}", schema.value)).collect()
        }
        GrantTarget::Roles(roles) => roles.iter().map(|role| role.value.clone()).collect(),
    }
}
