//! What an `alter` makes and takes away, by name.

use std::borrow::Cow;

use super::effect::{Deed, Kind, Push, Ref, Thing};
use crate::sql::ast::{
    AlterColumn, AlterObject, AlterTable, ConstraintKind, Ident, ObjectAction, ObjectKind, Relation, TableActionKind,
};

/// The name after `rename to` or `set schema`.
pub(super) fn moved<'a>(old: &Ref<'a>, name: Option<&'a Ident>, schema: Option<&'a Ident>) -> Ref<'a> {
    Ref {
        schema: schema.map_or(old.schema, |schema| Some(&schema.value)),
        name: name.map_or_else(|| old.name.clone(), |name| Cow::Borrowed(&name.value)),
    }
}

pub(super) fn alter_table<'a>(alter: &'a AlterTable, push: &mut Push<'_, 'a>) {
    let table = || Ref::from(&alter.name);
    let relation = Kind::Object(alter.relation.into());
    let column = Kind::Object(ObjectKind::Column);
    let constraint = Kind::Object(ObjectKind::Constraint);
    for action in &alter.actions {
        match &action.kind {
            TableActionKind::DropColumn { if_exists, name, cascade } => {
                push(Deed::Takes { cascade: *cascade }, Thing::of(column, table(), name), name.span, *if_exists);
            }
            TableActionKind::DropConstraint { if_exists, name, cascade } => {
                push(Deed::Takes { cascade: *cascade }, Thing::of(constraint, table(), name), name.span, *if_exists);
            }
            _ => {}
        }
    }
    for action in &alter.actions {
        let span = action.span;
        let mut rename = |kind: Kind, from: &'a Ident, to: &'a Ident| {
            push(Deed::Moves, Thing::of(kind, table(), from), from.span, false);
            push(Deed::Makes, Thing::of(kind, table(), to), to.span, false);
        };
        match &action.kind {
            TableActionKind::RenameColumn { from, to } => rename(column, from, to),
            TableActionKind::RenameConstraint { from, to } => rename(constraint, from, to),
            TableActionKind::AddColumn { if_not_exists, column: added } => {
                push(Deed::Makes, Thing::of(column, table(), &added.name), added.name.span, *if_not_exists);
            }
            TableActionKind::AddConstraint(added) => {
                if let Some(name) = &added.name {
                    push(Deed::Makes, Thing::of(constraint, table(), name), name.span, false);
                } else if matches!(added.kind, ConstraintKind::PrimaryKey { .. }) {
                    let name = Ref { schema: None, name: Cow::Owned(format!("{}_pkey", alter.name.object())) };
                    push(Deed::Makes, Thing::of(constraint, table(), name), added.span, false);
                }
            }
            TableActionKind::Rename(to) => {
                let old = Thing { kind: relation, on: None, name: table(), args: None };
                let new = Thing { name: moved(&old.name, Some(to), None), ..old.clone() };
                push(Deed::Moves, old, alter.name.span, alter.if_exists);
                push(Deed::Makes, new, to.span, false);
            }
            TableActionKind::SetSchema(to) => {
                let old = Thing { kind: relation, on: None, name: table(), args: None };
                let new = Thing { name: moved(&old.name, None, Some(to)), ..old.clone() };
                push(Deed::Moves, old, alter.name.span, alter.if_exists);
                push(Deed::Makes, new, to.span, false);
            }
            // An index that is attached already is left as it is.
            TableActionKind::AttachPartition { table: child, .. } if alter.relation != Relation::Index => {
                push(Deed::Makes, Thing::of(Kind::Attachment, table(), child), child.span, false);
            }
            TableActionKind::DetachPartition { table: child, finalize: false, .. } => {
                push(Deed::Takes { cascade: false }, Thing::of(Kind::Attachment, table(), child), child.span, false);
            }
            TableActionKind::Inherit { table: parent, add } => {
                let deed = if *add { Deed::Makes } else { Deed::Takes { cascade: false } };
                push(deed, Thing::of(Kind::Attachment, parent, &alter.name), parent.span, false);
            }
            TableActionKind::AlterColumn { name, change } => match change {
                AlterColumn::AddIdentity { .. } => {
                    push(Deed::Makes, Thing::of(Kind::Identity, table(), name), span, false);
                }
                AlterColumn::DropIdentity { if_exists } => {
                    push(Deed::Takes { cascade: false }, Thing::of(Kind::Identity, table(), name), span, *if_exists);
                }
                AlterColumn::DropExpression { if_exists } => {
                    push(Deed::Takes { cascade: false }, Thing::of(Kind::Generation, table(), name), span, *if_exists);
                }
                _ => {}
            },
            _ => {}
        }
    }
}

pub(super) fn alter_object<'a>(alter: &'a AlterObject, push: &mut Push<'_, 'a>) {
    let Some(name) = &alter.name else { return };
    let object = || Thing {
        kind: Kind::Object(alter.kind),
        on: alter.on.as_ref().map(Into::into),
        name: name.into(),
        args: None,
    };
    match &alter.action {
        ObjectAction::Rename(to) => {
            push(Deed::Moves, object(), name.span, false);
            push(Deed::Makes, Thing { name: moved(&object().name, Some(to), None), ..object() }, to.span, false);
        }
        // An extension that is there already is left as it is.
        ObjectAction::SetSchema(to) if alter.kind != ObjectKind::Extension => {
            push(Deed::Moves, object(), name.span, false);
            push(Deed::Makes, Thing { name: moved(&object().name, None, Some(to)), ..object() }, to.span, false);
        }
        ObjectAction::AddConstraint { name: Some(constraint), .. } => {
            push(
                Deed::Makes,
                Thing::of(Kind::Object(ObjectKind::Constraint), name, constraint),
                constraint.span,
                false,
            );
        }
        ObjectAction::DropConstraint { name: constraint, if_exists } => {
            let thing = Thing::of(Kind::Object(ObjectKind::Constraint), name, constraint);
            push(Deed::Takes { cascade: false }, thing, constraint.span, *if_exists);
        }
        ObjectAction::Other(words) => {
            if alter.kind == ObjectKind::Publication {
                for (deed, member) in members(words) {
                    push(deed, Thing::of(Kind::Member, name, member), name.span, words.starts_with("set "));
                }
            } else if let Some((from, to)) =
                words.strip_prefix("rename constraint ").and_then(|it| it.split_once(" to "))
            {
                let thing = |word| Thing::of(Kind::Object(ObjectKind::Constraint), name, unquoted(word));
                push(Deed::Moves, thing(from), name.span, false);
                push(Deed::Makes, thing(to), name.span, false);
            }
        }
        _ => {}
    }
}

/// A word as the catalogs hold it.
fn unquoted(word: &str) -> Ref<'_> {
    Ref::bare(word.trim_matches('"'))
}

/// What an `alter publication` adds and drops, from its words.
pub(in crate::lint) fn members(words: &str) -> Vec<(Deed, Ref<'_>)> {
    let (deed, list) = match words.split_once(' ') {
        Some(("add" | "set", rest)) => (Deed::Makes, rest),
        Some(("drop", rest)) => (Deed::Takes { cascade: false }, rest),
        _ => return Vec::new(),
    };
    let list = list.strip_prefix("tables in schema ").unwrap_or(list);
    let mut found = Vec::new();
    let (mut parts, mut depth, mut filter): (Vec<&str>, usize, bool) = (Vec::new(), 0, false);
    for word in list.split(' ').chain([","]) {
        match word {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            "," => {
                let schema = (parts.len() > 1).then(|| parts[parts.len() - 2].trim_matches('"'));
                if let Some(name) = parts.last() {
                    found.push((deed, Ref { schema, name: Cow::Borrowed(name.trim_matches('"')) }));
                }
                parts.clear();
                filter = false;
            }
            "where" => filter = true,
            "table" | "only" | "*" | "." => {}
            name if !filter => parts.push(name),
            _ => {}
        }
    }
    found
}
