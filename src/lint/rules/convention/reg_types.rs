//! `reg-types`: columns that an upgrade of the server refuses.

use super::types;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

/// Those whose numbers `pg_upgrade` does not keep; `regclass`, `regrole` and `regtype` it does.
const LOST: &[&str] = &[
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
];

pub(super) static RULE: Rule = Rule {
    id: "reg-types",
    group: Group::Convention,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "something that stays has a type like `regproc` or `regconfig`",
    effect: "the column holds an object's number, which changes with the next major version: `pg_upgrade` refuses the whole database",
    remedy: "store the name as `text` and cast it when it is used",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/pgupgrade.html"],
    bad: &[
        "create table public.documents (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.documents add column language regconfig;",
    ],
    good: &[
        "create table public.documents (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.documents add column language text, add column kind regclass;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        if !used.ty.any_of(LOST) || used.ty.schema.is_some() {
            return;
        }
        let message = format!("{} makes `pg_upgrade` refuse the database", used.subject(cx));
        out.push(
            used.finding(cx, message)
                .label("an object's number")
                .help(format!("store the name as `text` and cast it when it is used: `name::{}`", used.ty.name)),
        );
    });
}
