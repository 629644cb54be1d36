//! Types and collations that columns still use while their successors are made: they step aside under another name, and
//! go when no column uses them any longer. So no column is dropped, and no value with it.

use std::collections::BTreeSet;

use super::{Cx, plain_drop};
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::diff::compare::{Fate, Fates};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// Names have at most 63 bytes: <https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS>.
const LONGEST: usize = 63;

/// The name under which a type waits for its end.
pub(super) fn old_name(name: &str) -> String {
    marked(name, "__old")
}

/// A name with something behind it, as long as a name may be.
pub(super) fn marked(name: &str, mark: &str) -> String {
    let mut end = name.len().min(LONGEST - mark.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{mark}", &name[..end])
}

/// Whether a kind steps aside.
fn can(kind: Kind) -> bool {
    matches!(kind, Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::Collation)
}

/// Whether the relation of a column or constraint is a composite type.
pub(super) fn is_attribute(catalog: &Catalog, id: &Id) -> bool {
    catalog.entries.contains_key(&id.beside(Kind::Composite, ""))
}

/// Whether a column keeps its values in it, itself or through another type, at the time when its successor comes.
pub(super) fn is_kept(id: &Id, from: &Catalog, to: &Catalog) -> bool {
    let mut seen = BTreeSet::new();
    let mut queue = vec![id];
    while let Some(id) = queue.pop() {
        if !seen.insert(id) {
            continue;
        }
        for (dependant, _) in from.needs.iter().filter(|(_, needs)| needs.contains(id)) {
            match dependant.kind {
                Kind::Column if is_attribute(from, dependant) => {}
                Kind::Column
                    if is_stored(from, dependant)
                        && to.needs.get(dependant).is_some_and(|needs| needs.contains(id)) =>
                {
                    return true;
                }
                Kind::Table if to.entries.contains_key(dependant) => return true,
                kind if can(kind) => queue.push(dependant),
                _ => {}
            }
        }
    }
    false
}

/// Whether a column has values of its own: those of a view come from elsewhere.
pub(super) fn is_stored(catalog: &Catalog, id: &Id) -> bool {
    [Kind::Table, Kind::ForeignTable].iter().any(|kind| catalog.entries.contains_key(&id.beside(*kind, "")))
}

/// Takes it away, or aside.
pub(super) fn drop(cx: &Cx<'_>) -> Vec<Step> {
    if !is_kept(cx.id, cx.from, cx.to) {
        let step = plain_drop(cx);
        // A function that makes a range canonical needs it as it needs the function: it goes with it.
        return vec![match &cx.entry.object {
            Object::Range(range) if range.canonical.is_some() => Step::drop(cx.id, format!("{} cascade", step.sql))
                .hazard(HazardKind::DataLoss, format!("what still uses {} goes with it", cx.id)),
            _ => step,
        }];
    }
    let rename = |what: &str, schema: &str, name: &str| {
        let name_now = format!("{}.{}", bare_ident(schema), bare_ident(name));
        Step::drop(cx.id, format!("alter {what} {name_now} rename to {}", bare_ident(&old_name(name))))
    };
    let mut steps =
        vec![rename(cx.id.kind.sql(), &cx.id.schema, &cx.id.name).hazard(
            HazardKind::Rewrite,
            format!("{} is made anew: every column of it is changed to the new one", cx.id),
        )];
    if let Object::Range(range) = &cx.entry.object {
        let (schema, multirange) = &range.multirange;
        steps.push(rename("type", schema, multirange));
        // The functions that make a range keep their names and arguments, which the new type's will have.
        let old = |schema: &str, name: &str| format!("{}.{}", bare_ident(schema), bare_ident(&old_name(name)));
        let range_now = old(&cx.id.schema, &cx.id.name);
        let both = format!("{0}, {0}", range.subtype);
        for arguments in [both.clone(), format!("{both}, text")] {
            steps.push(rename_function(cx, &cx.id.schema, &cx.id.name, &arguments));
        }
        for arguments in [String::new(), range_now.clone(), format!("variadic {range_now}[]")] {
            steps.push(rename_function(cx, schema, multirange, &arguments));
        }
    }
    steps
}

fn rename_function(cx: &Cx<'_>, schema: &str, name: &str, arguments: &str) -> Step {
    let function = format!("{}.{}({arguments})", bare_ident(schema), bare_ident(name));
    Step::drop(cx.id, format!("alter function {function} rename to {}", bare_ident(&old_name(name))))
}

/// What stepped aside goes, those that need others first.
pub fn leftovers(from: &Catalog, to: &Catalog, fates: &Fates) -> Vec<Step> {
    let aside: BTreeSet<&Id> = fates
        .iter()
        .filter(|(id, fate)| can(id.kind) && fate.goes() && is_kept(id, from, to))
        .map(|(id, _)| id)
        .collect();
    let mut gone: BTreeSet<&Id> = BTreeSet::new();
    let mut steps = Vec::new();
    while gone.len() < aside.len() {
        let free = |id: &Id| {
            let mut others = aside.iter().filter(|other| !gone.contains(**other) && ***other != *id);
            !others.any(|other| from.needs.get(*other).is_some_and(|needs| needs.contains(id)))
        };
        let Some(id) = aside.iter().copied().find(|id| !gone.contains(id) && free(id)) else { break };
        gone.insert(id);
        let old = Id { name: old_name(&id.name), ..id.clone() };
        steps.push(Step::drop(id, format!("drop {} {}", id.kind.sql(), old.address())));
    }
    steps
}

/// A column that stays while its type is made anew has to be changed to the new one.
pub fn is_left_behind(column: &Id, needed: &Id, fates: &Fates, to: &Catalog) -> bool {
    column.kind == Kind::Column
        && can(needed.kind)
        && fates.get(needed) == Some(&Fate::Recreate)
        && to.needs.get(column).is_some_and(|needs| needs.contains(needed))
}
