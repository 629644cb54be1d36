//! What the rules about drops and renames ask: whether something was there before the file, and whether it is back at its end.

use crate::diagnostic::Level;
use crate::lint::ask::facts::noun;
use crate::lint::schema::{Place, QName};
use crate::lint::{Event, EventCx, Finding, Findings};
use crate::sql::ast::{Drop, Name, ObjectKind, StmtKind, TableActionKind};
use crate::text::{Span, bare_ident};

/// The table's actions of this statement, when it alters a table that others are using.
pub(super) fn actions<'a>(cx: &EventCx<'a>) -> Option<(&'a crate::sql::ast::AlterTable, QName)> {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return None };
    if !is_table(alter.relation) || !cx.is_in_use(&alter.name) {
        return None;
    }
    let name = cx.resolve(&alter.name);
    if cx.schema.views.contains_key(&name) { None } else { Some((alter, name)) }
}

fn is_table(relation: crate::sql::ast::Relation) -> bool {
    matches!(relation, crate::sql::ast::Relation::Table | crate::sql::ast::Relation::ForeignTable)
}

/// Whether a later statement of the file drops the table: that says it all.
pub(super) fn table_goes(cx: &EventCx<'_>, table: &QName) -> bool {
    cx.later().any(|event| match &event.stmt.kind {
        StmtKind::Drop(drop) if matches!(drop.kind, ObjectKind::Table | ObjectKind::ForeignTable) => {
            drop.names.iter().any(|name| cx.resolve(name) == *table)
        }
        _ => false,
    })
}

/// Whether a statement gives an object this name: `create`, or a rename of something else.
fn makes(cx: &EventCx<'_>, event: &Event, name: &QName) -> bool {
    match &event.stmt.kind {
        StmtKind::CreateIndex(index) => {
            index.name.as_ref().is_some_and(|it| it.value == name.name)
                && cx.resolve(&index.table).schema == name.schema
        }
        StmtKind::AlterTable(alter) => alter.actions.iter().any(|action| match &action.kind {
            TableActionKind::Rename(to) => to.value == name.name && cx.resolve(&alter.name).schema == name.schema,
            _ => false,
        }),
        StmtKind::AlterObject(alter) => match (&alter.action, &alter.name) {
            (crate::sql::ast::ObjectAction::Rename(to), Some(from)) => {
                to.value == name.name && cx.resolve(from).schema == name.schema
            }
            _ => false,
        },
        StmtKind::CreateExtension(extension) => name.schema.is_empty() && extension.name.value == name.name,
        StmtKind::CreateSchema(schema) => name.schema.is_empty() && schema.name.value == name.name,
        _ => match event.stmt.creates() {
            Some((_, Some(made))) => made.object() == name.name && cx.schema.creation(made).schema == name.schema,
            _ => false,
        },
    }
}

/// Whether a name means this table, before or after the file renames it.
pub(super) fn is_same_table(cx: &EventCx<'_>, written: &Name, table: &QName) -> bool {
    let name = cx.resolve(written);
    name == *table
        || cx.earlier().chain(cx.later()).any(|event| match &event.stmt.kind {
            StmtKind::AlterTable(alter) => alter.actions.iter().any(|action| match &action.kind {
                TableActionKind::Rename(to) => {
                    to.value == name.name && cx.resolve(&alter.name) == *table && name.schema == table.schema
                }
                _ => false,
            }),
            _ => false,
        })
}

/// Whether a later statement of the file makes something of this name.
pub(super) fn is_made_later(cx: &EventCx<'_>, name: &QName) -> bool {
    cx.later().any(|event| makes(cx, event, name))
}

/// The name of a dropped object as the state has it: without a schema where its kind has none.
pub(super) fn dropped_name(cx: &EventCx<'_>, kind: ObjectKind, name: &Name) -> QName {
    match kind {
        ObjectKind::Schema | ObjectKind::Extension | ObjectKind::Database | ObjectKind::Role => {
            QName::new("", name.object())
        }
        _ => cx.resolve(name),
    }
}

/// Where the chain made an object.
pub(super) fn place_of(cx: &EventCx<'_>, kind: ObjectKind, name: &QName) -> Option<Place> {
    let schema = cx.schema;
    match kind {
        ObjectKind::Table | ObjectKind::ForeignTable => schema.tables.get(name).map(|it| it.created),
        ObjectKind::View | ObjectKind::MaterializedView => schema.views.get(name).map(|it| it.created),
        ObjectKind::Index => schema.indexes.get(name).map(|it| it.created),
        ObjectKind::Sequence => schema.sequences.get(name).map(|(place, _)| *place),
        ObjectKind::Type | ObjectKind::Domain => schema.types.get(name).map(|it| it.created),
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate | ObjectKind::Routine => {
            schema.functions.get(name).and_then(|list| list.last()).map(|it| it.created)
        }
        ObjectKind::Schema => schema.schemas.get(&name.name).copied(),
        ObjectKind::Extension => schema.extensions.get(&name.name).map(|(place, _)| *place),
        kind => schema.objects.get(&(kind, name.clone())).copied(),
    }
}

/// An object as words for a message: without the empty schema of those that stand in none.
pub(super) fn shown(name: &QName) -> String {
    if name.schema.is_empty() { bare_ident(&name.name).into_owned() } else { name.to_string() }
}

/// Whether the drop surely finds nothing: nobody made the object so far, and the file guards the drop and makes it next.
pub(super) fn is_first_guard(cx: &EventCx<'_>, drop: &Drop, name: &QName) -> bool {
    drop.if_exists && place_of(cx, drop.kind, name).is_none() && is_made_later(cx, name)
}

/// Whether no migration made what a guarded drop names, although migrations made the tables there are: it surely drops nothing
/// that is known.
pub(super) fn is_unheard_of(cx: &EventCx<'_>, drop: &Drop, name: &QName) -> bool {
    (drop.if_exists || !cx.event.guards.conditions.is_empty())
        && place_of(cx, drop.kind, name).is_none()
        && !cx.schema.managed.contains(&name.schema)
        && cx.schema.tables.values().any(|table| !table.is_platform())
}

/// The same finding as little more than a remark: there is nothing known to lose.
pub(super) fn unheard_of(cx: &EventCx<'_>, drop: &Drop, span: Span, shown: &str) -> Finding {
    let level = if cx.schema.opaque.is_empty() { Level::Note } else { Level::Warning };
    cx.finding(
        span,
        format!("drops {} `{shown}`, which no migration made: nothing, as far as is known", noun(drop.kind)),
    )
    .label("not known here")
    .about(shown)
    .at_level(level)
    .help("leave it out, or say where it comes from if some databases have it")
}

/// What a drop means to those who use the object.
pub(super) struct Words {
    /// What follows the object in the message.
    pub(super) cost: &'static str,
    /// At the carets.
    pub(super) label: &'static str,
    /// What to write instead.
    pub(super) help: &'static str,
}

/// The objects of these kinds that a statement drops, that were there before the file and are not made again in it.
pub(super) fn dropped<'a>(cx: &EventCx<'a>, kinds: &[ObjectKind]) -> Vec<(&'a Drop, QName, Span, String)> {
    let StmtKind::Drop(drop) = &cx.stmt().kind else { return Vec::new() };
    if !kinds.contains(&drop.kind) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, name) in drop.names.iter().enumerate() {
        let full = dropped_name(cx, drop.kind, name);
        let is_new = place_of(cx, drop.kind, &full).is_some_and(|place| place.is_in(cx.file.id));
        // What got this name in this file is the file's own: `rename to t_old`, then `drop t_old`.
        let is_new = is_new || cx.earlier().any(|event| makes(cx, event, &full));
        if is_new || name.schema() == Some("pg_temp") || full.schema == "pg_temp" || is_made_later(cx, &full) {
            continue;
        }
        let routine = drop.routines.get(index);
        let args = routine.and_then(|it| it.args.as_ref()).map_or_else(String::new, |args| {
            format!("({})", args.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        });
        found.push((&**drop, full, routine.map_or(name.span, |it| it.span), args));
    }
    found
}

/// The check that the rules for single kinds of object share.
pub(super) fn check(cx: &EventCx<'_>, out: &mut Findings, kinds: &[ObjectKind], words: &Words) {
    for (drop, name, span, args) in dropped(cx, kinds) {
        let is_unheard_of = is_unheard_of(cx, drop, &name);
        let shown = format!("{}{args}", shown(&name));
        if is_unheard_of {
            out.push(unheard_of(cx, drop, span, &shown));
            continue;
        }
        out.push(
            cx.finding(span, format!("drops {} `{shown}`{}", noun(drop.kind), words.cost))
                .label(words.label)
                .about(shown)
                .help(words.help),
        );
    }
}
