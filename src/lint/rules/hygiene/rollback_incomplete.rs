//! `rollback-incomplete`: the way back does not undo all that the migration does, or undoes more.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use super::comment::irreversible;
use super::rollback::{Left, Played, differences, play};
use crate::lint::ask::facts::{Key, Part, noun};
use crate::lint::schema::{Place, Reach};
use crate::sql::ast::{ObjectKind, StmtKind, TableActionKind};
use crate::text::{Span, bare_ident};

pub(super) static RULE: Rule = Rule {
    id: "rollback-incomplete",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "the way back does not undo all that the migration does, or undoes more",
    effect: "after going back and forth the schema is another than before: the next attempt meets what was left, or misses what was taken",
    remedy: "undo in the down migration, in reverse order, what the migration does, and nothing else",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[],
    bad: &[
        "create table public.orders (id bigint primary key);\ncreate index orders_id_idx on public.orders (id);\ncreate type public.mood as enum ('sad');\n-- down\ndrop table public.orders;\n",
        "create table public.orders (id bigint primary key);\n-- down\ndrop table public.orders;\n-- then\nalter table public.orders add column note text, add column at date;\n-- down\nalter table public.orders drop column note;\n",
        "create function public.total() returns int language sql as 'select 1';\n-- down\ndrop function public.total();\n-- then\ncreate or replace function public.total() returns int language sql as 'select 2';\n-- down\ndrop function public.total();\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\ncreate index orders_id_idx on public.orders (id);\n-- down\ndrop table public.orders;\n",
        "create function public.total() returns int language sql as 'select 1';\n-- down\ndrop function public.total();\n-- then\ncreate or replace function public.total() returns int language sql as 'select 2';\n-- down\ncreate or replace function public.total() returns int language sql as 'select 1';\n",
        "create table public.orders (id bigint primary key);\n-- down\ndrop table public.orders;\n-- then\n-- irreversible: values of an enum stay\nalter table public.orders add column note text;\n-- down\nselect 1;\n",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let Some(down) = &cx.file.down else { return };
    if irreversible(cx.file.text()).is_some() || irreversible(down.source.text()).is_some() {
        return;
    }
    let cascades = cx.file.events.iter().chain(&down.events).any(|event| cascades(&event.stmt.kind));
    let reach = if cascades { Reach::Dependants } else { Reach::Own };
    let Some(played) = play(cx, reach) else { return };
    let Some(end) = played.at_the_end() else { return };
    let [before, after, end] = [&played.before, &played.after, &end].map(|state| played.facts(cx, state));
    let may_be_shared = |key: &Key| {
        // What is made only if it is not there may be others' as well.
        matches!(key.part, Part::Object(ObjectKind::Extension | ObjectKind::Schema | ObjectKind::Role))
            && is_guarded(cx, key)
    };
    for (key, left, fact) in differences(&before, &after, &end) {
        let is_shared = matches!(left, Left::Stays | Left::New) && may_be_shared(&key);
        if is_shared || (left == Left::New && was_dropped(&played, &key)) {
            continue;
        }
        let message = match left {
            Left::Stays => format!("the way back leaves {key}"),
            Left::Missing => format!("the way back does not bring back {key}"),
            Left::Changed => format!("the way back leaves {key} changed"),
            Left::Lost => format!("the way back takes away {key}, which was there before"),
            Left::New => format!("the way back makes {key}, which was not there before"),
        };
        let span = place_in(cx, fact.created).unwrap_or_else(|| mention(cx, &key));
        let finding = cx.finding(span, message).label("not undone").about(object(&key));
        let path = down.source.name();
        out.push(match (left, undo(&key)) {
            (Left::Stays, Some(sql)) => finding.help(format!("write in `{path}`: `{sql}`")),
            (Left::Stays, None) if key.part == Part::Label => finding.help(
                "no value of an enum can be dropped: make the type anew there, or say `-- irreversible: REASON` in the migration",
            ),
            (Left::Stays | Left::New, _) => finding.help(format!("take it away in `{path}`")),
            (Left::Missing | Left::Changed, _) => {
                finding.help(format!("make it in `{path}` as it was, or say `-- irreversible: REASON` in the migration"))
            }
            (Left::Lost, _) => finding.help(format!("leave it alone in `{path}`, or make it again as it was")),
        });
    }
}

/// Whether a statement takes away more than it names.
fn cascades(kind: &StmtKind) -> bool {
    match kind {
        StmtKind::Drop(drop) => drop.cascade,
        StmtKind::AlterTable(alter) => alter.actions.iter().any(|action| {
            matches!(
                action.kind,
                TableActionKind::DropColumn { cascade: true, .. }
                    | TableActionKind::DropConstraint { cascade: true, .. }
            )
        }),
        _ => false,
    }
}

/// Whether the migration drops something of this name that the chain does not know: it may have been there.
fn was_dropped(played: &Played, key: &Key) -> bool {
    played.after.dropped.iter().any(|dropped| {
        !dropped.existed && dropped.name == key.name && dropped.sub.as_ref().is_none_or(|sub| *sub == key.sub)
    })
}

fn object(key: &Key) -> String {
    if key.name.schema.is_empty() { key.name.name.clone() } else { key.name.to_string() }
}

/// Where something was made, if it was in this file.
fn place_in(cx: &FileCx<'_>, place: Place) -> Option<Span> {
    place.is_in(cx.file.id).then_some(place.span)
}

/// The statement of the file that is about it: it has its name and that of the object it is within.
fn mention(cx: &FileCx<'_>, key: &Key) -> Span {
    let text = cx.file.text();
    let has = |span: &&Span, word: &str| span.of(text).to_ascii_lowercase().contains(&word.to_ascii_lowercase());
    let sub = if matches!(key.part, Part::Within(_)) { key.sub.as_str() } else { "" };
    let exact = cx.file.statements.iter().find(|span| has(span, &key.name.name) && has(span, sub));
    let near = || cx.file.statements.iter().find(|span| has(span, &key.name.name));
    let span = exact.or_else(near).or_else(|| cx.file.statements.first());
    span.map_or(Span::new(0, 0), |span| {
        let line = span.of(text).lines().next().unwrap_or_default();
        Span::new(span.start, span.start + line.len())
    })
}

/// Whether the migration makes it with `if not exists`.
fn is_guarded(cx: &FileCx<'_>, key: &Key) -> bool {
    cx.file.events.iter().any(|event| match &event.stmt.kind {
        StmtKind::CreateExtension(it) => it.if_not_exists && it.name.value == key.name.name,
        StmtKind::CreateSchema(it) => it.if_not_exists && it.name.value == key.name.name,
        StmtKind::CreateRole(it) => !event.guards.is_empty() && it.name.value == key.name.name,
        _ => false,
    })
}

/// The statement that takes away what stays.
fn undo(key: &Key) -> Option<String> {
    let (name, sub) = (object(key), bare_ident(&key.sub));
    Some(match key.part {
        Part::Object(kind @ (ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate)) => {
            format!("drop {} if exists {name}{}", noun(kind), key.sub)
        }
        Part::Object(kind) if noun(kind) != "object" => format!("drop {} if exists {name}", noun(kind)),
        Part::Within(kind @ (ObjectKind::Column | ObjectKind::Constraint)) => {
            format!("alter table {name} drop {} if exists {sub}", noun(kind))
        }
        Part::Within(kind) => format!("drop {} if exists {sub} on {name}", noun(kind)),
        _ => return None,
    })
}
