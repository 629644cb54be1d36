//! `rollback-order`: the way back drops something while something else still needs it.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use super::rollback::play;
use crate::lint::ask::depend::{dependants, list};
use crate::lint::ask::facts::Key;
use crate::lint::schema::Reach;
use crate::lint::{DownFile, Event, Finding, Origin};
use crate::sql::ast::{ObjectKind, StmtKind, TableActionKind};
use crate::sql::first_line;
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "rollback-order",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "the way back drops something while something else still needs it",
    effect: "the down migration fails in the middle (2BP01) on the day that it is needed",
    remedy: "undo in reverse order: what was made last goes first",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-depend.html"],
    bad: &[
        "create table public.orders (id bigint primary key);\ncreate table public.items (id bigint primary key, order_id bigint references public.orders (id));\n-- down\ndrop table public.orders;\ndrop table public.items;\n",
        "create type public.mood as enum ('sad');\ncreate table public.people (id bigint primary key, mood public.mood);\n-- down\ndrop type public.mood;\ndrop table public.people;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\ncreate table public.items (id bigint primary key, order_id bigint references public.orders (id));\n-- down\ndrop table public.items;\ndrop table public.orders;\n",
        "create table public.orders (id bigint primary key);\ncreate table public.items (id bigint primary key, order_id bigint references public.orders (id));\n-- down\ndrop table public.orders, public.items;\n",
        "create table public.orders (id bigint primary key);\ncreate view public.recent as select id from public.orders;\n-- down\ndrop table public.orders cascade;\n",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let Some(down) = &cx.file.down else { return };
    if !down.events.iter().any(|event| drops(&event.stmt.kind)) {
        return;
    }
    let Some(played) = play(cx, Reach::Dependants) else { return };
    let mut state = played.after.clone();
    for event in &played.back.events {
        if event.origin != Origin::Routine && event.guards.handlers.is_empty() && drops(&event.stmt.kind) {
            let needing = dependants(&state, &played.back, &event.stmt);
            if !needing.is_empty() {
                out.push(finding(cx, down, event, &needing));
            }
        }
        state.apply(&played.back, event);
    }
}

/// Drops without `cascade` of what others can need.
fn drops(kind: &StmtKind) -> bool {
    match kind {
        StmtKind::Drop(drop) => {
            !drop.cascade
                && !matches!(
                    drop.kind,
                    ObjectKind::Policy
                        | ObjectKind::Trigger
                        | ObjectKind::Rule
                        | ObjectKind::Index
                        | ObjectKind::Extension
                )
        }
        StmtKind::AlterTable(alter) => alter.actions.iter().any(|action| {
            matches!(
                action.kind,
                TableActionKind::DropColumn { cascade: false, .. }
                    | TableActionKind::DropConstraint { cascade: false, .. }
            )
        }),
        _ => false,
    }
}

fn finding(cx: &FileCx<'_>, down: &DownFile, event: &Event, needing: &[Key]) -> Finding {
    let text = down.source.text();
    let statement = first_line(text, event.stmt.span, 60);
    let line = down.source.position(event.stmt.span.start).line;
    let needs = if needing.len() == 1 { "needs" } else { "need" };
    let it = if needing.len() == 1 { "it" } else { "them" };
    // The finding stands in the migration; what it is about stands in the file beside.
    cx.finding(Span::new(0, 0), format!("the way back fails at `{statement}`: {} still {needs} it", list(needing)))
        .about(down.source.name())
        .note(format!("this is line {line} of `{}`", down.source.name()))
        .help(format!("drop {it} first, or write `cascade` there"))
}
