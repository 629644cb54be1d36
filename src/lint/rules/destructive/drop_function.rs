//! `drop-function`: a function, procedure or aggregate that was there before this migration is dropped and not made again.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use super::gone::{self, Words};
use crate::lint::schema::QName;
use crate::sql::ast::{ObjectKind, StmtKind};

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
        help: "drop it only when nothing calls it any more; look into the bodies of other functions too, which PostgreSQL does \
               not check",
    };
    let StmtKind::Drop(drop) = &cx.stmt().kind else { return };
    if drop.routines.is_empty() || drop.names.iter().all(|name| is_idle_trigger_function(cx, &cx.resolve(name))) {
        return;
    }
    gone::check(
        cx,
        out,
        &[ObjectKind::Function, ObjectKind::Procedure, ObjectKind::Aggregate, ObjectKind::Routine],
        &words,
    );
}

/// Whether only triggers could run it, and none does any more.
fn is_idle_trigger_function(cx: &EventCx<'_>, name: &QName) -> bool {
    let Some(list) = cx.schema.functions.get(name) else { return false };
    list.iter().all(|function| function.returns == "trigger")
        && cx.schema.opaque.is_empty()
        && !cx.schema.tables.values().any(|table| table.triggers.iter().any(|trigger| trigger.function == *name))
        && !cx.schema.views.values().any(|view| view.triggers.iter().any(|trigger| trigger.function == *name))
}
