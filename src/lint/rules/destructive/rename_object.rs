//! `rename-object`: a view, sequence, function, type or domain that was there before this migration is renamed.

use super::gone::{is_made_later, place_of};
use crate::diagnostic::Level;
use crate::lint::ask::facts::noun;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{AlterTable, ObjectAction, ObjectKind, StmtKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "rename-object",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a view, sequence, function, type or domain that was there before this migration is renamed",
    effect: "programs that use the old name fail at once, and so do bodies of functions, which PostgreSQL does not rewrite",
    remedy: "make it under the new name beside the old one, and drop the old one a release later",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-alterview.html",
        "https://www.postgresql.org/docs/18/sql-alterfunction.html",
    ],
    bad: &[
        "create view public.recent as select 1 as id;\n-- then\nalter view public.recent rename to latest;\n",
        "create function public.total() returns int language sql as 'select 1';\n-- then\nalter function public.total() rename to sum_of;\n",
        "create type public.mood as enum ('sad');\n-- then\nalter type public.mood rename to feeling;\n",
    ],
    good: &[
        "create view public.recent as select 1 as id;\nalter view public.recent rename to latest;\n",
        "create view public.recent as select 1 as id;\n-- then\nalter view public.recent rename to latest;\ncreate view public.recent as select id from public.latest;\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter index public.orders_pkey rename to orders_key;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let (kind, name, to) = match &cx.stmt().kind {
        StmtKind::AlterTable(alter) => match alter.actions.first().map(|action| &action.kind) {
            Some(TableActionKind::Rename(to)) => (of_relation(cx, alter), &alter.name, to),
            _ => return,
        },
        StmtKind::AlterObject(alter) => match (&alter.action, &alter.name) {
            (ObjectAction::Rename(to), Some(name)) => (alter.kind, name, to),
            _ => return,
        },
        StmtKind::AlterRoutine(alter) => match &alter.rename {
            Some(to) => (ObjectKind::Function, &alter.routine.name, to),
            None => return,
        },
        _ => return,
    };
    // The names of all others are nothing to programs: indexes, constraints, triggers, policies …
    let is_called = matches!(
        kind,
        ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence
            | ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Aggregate
            | ObjectKind::Routine
            | ObjectKind::Type
            | ObjectKind::Domain
    );
    let old = cx.resolve(name);
    let is_new = place_of(cx, kind, &old).is_some_and(|place| place.is_in(cx.file.id));
    if !is_called || is_new || is_made_later(cx, &old) {
        return;
    }
    let new = bare_ident(&to.value);
    let finding = cx
        .finding(
            to.span,
            format!("renames {} `{old}` to `{new}`: programs that use the old name fail at once", noun(kind)),
        )
        .label("the new name")
        .object(&old)
        .help(format!("make `{new}` beside it, and drop `{old}` when no released program names it"));
    let is_relation = matches!(kind, ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Sequence);
    out.push(if is_relation { finding.lock(LockMode::AccessExclusive) } else { finding });
}

/// What is renamed: the name decides, the word does not (`alter table v rename to w` renames a view).
fn of_relation(cx: &EventCx<'_>, alter: &AlterTable) -> ObjectKind {
    let name = cx.resolve(&alter.name);
    match cx.schema.views.get(&name) {
        Some(view) if view.materialized => ObjectKind::MaterializedView,
        Some(_) => ObjectKind::View,
        None if cx.schema.sequences.contains_key(&name) => ObjectKind::Sequence,
        None => ObjectKind::from(alter.relation),
    }
}
