//! `drop-type`: a type that was there before this migration is dropped and not made again.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use super::gone::{self, Words};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-type",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a type that was there before this migration is dropped and not made again",
    effect: "programs that name the type in a cast or a parameter fail, and drivers that have cached it too",
    remedy: "take it away when no released program names it",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droptype.html"],
    bad: &["create type public.mood as enum ('sad', 'glad');\n-- then\ndrop type public.mood;\n"],
    good: &[
        "create type public.mood as enum ('sad', 'glad');\n-- then\ndrop type public.mood;\ncreate type public.mood as enum ('sad', 'glad', 'calm');\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let words = Words {
        cost: ", which programs may still name in casts",
        label: "casts to it fail from here on",
        help: "drop it only when no released program, function or driver names it any more",
    };
    gone::check(cx, out, &[ObjectKind::Type], &words);
}
