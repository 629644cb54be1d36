//! `drop-function`: a function, procedure or aggregate that was there before this migration is dropped and not made again.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use super::gone::{self, Words};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-function",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a function, procedure or aggregate that was there before this migration is dropped and not made again",
    effect: "every call of it fails from then on: from programs, from the API (`rpc`), and from bodies of other functions, which PostgreSQL does not check",
    remedy: "make it again in the same file, or first release a program that does not call it",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropfunction.html"],
    bad: &[
        "create function public.total(a int) returns int language sql as 'select a';\n-- then\ndrop function public.total(int);\n",
        "create procedure public.clean() language sql as 'select 1';\n-- then\ndrop procedure if exists public.clean();\n",
    ],
    good: &[
        "create function public.total(a int) returns int language sql as 'select a';\n-- then\ndrop function if exists public.total(int);\ncreate function public.total(a int) returns bigint language sql as 'select a::bigint';\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let words = Words {
        cost: ", which programs and other functions may still call",
        label: "calls fail from here on",
        help: "drop it only when nothing calls it any more; look into the bodies of other functions too, which PostgreSQL does not check",
    };
    gone::check(
        cx,
        out,
        &[ObjectKind::Function, ObjectKind::Procedure, ObjectKind::Aggregate, ObjectKind::Routine],
        &words,
    );
}
