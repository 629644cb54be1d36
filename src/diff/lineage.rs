//! The order among parents and children, which no dependency tells: what a child is to keep it has before it is attached,
//! and what it is to lose with its parent it loses after it is detached.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Fate, Fates};
use super::order::{Node, Within, leader};
use super::partial::whole;
use super::step::Verb;
use crate::catalog::{Catalog, Constraint, ConstraintType, Id, Kind, Object};

/// Pairs of what comes first and what comes after.
pub fn pairs(from: &Catalog, to: &Catalog, fates: &Fates, within: &Within) -> Vec<(Node, Node)> {
    let parts = parts(from, to, fates);
    let of = |id: &Id| parts.get(&(id.schema.clone(), id.name.clone())).map_or(&[][..], Vec::as_slice);
    let mut pairs = detaching((from, to), fates, within, &of);
    let mut freed: BTreeMap<Id, Vec<&Id>> = BTreeMap::new();
    for (id, it) in from.inheritances().filter(|(id, it)| it.bound.is_some() && fates.get(id).is_some_and(Fate::goes)) {
        freed.entry(it.parent_id()).or_default().push(id);
    }
    for (id, it) in to.inheritances() {
        let parent = it.parent_id();
        // No two partitions hold the same rows.
        if it.bound.is_some() && fates.get(id).is_some_and(Fate::comes) {
            let before = freed.get(&parent).into_iter().flatten();
            let before = before.map(|before| node(leader(&within.gone_with, before), Verb::Drop));
            pairs.extend(before.map(|before| (before, node(id, Verb::Create))));
        }
        let comes = fates.get(id).is_some_and(Fate::comes);
        if comes && let Some(table) = within.made_with.get(id) {
            let rest = of(&parent).iter().filter(|it| matters(it, from, to));
            let table = node(table, Verb::Create);
            for it in rest {
                if it.verb == Verb::Create && to.hands_down_late(&it.id, id) {
                    pairs.push((table.clone(), it.clone()));
                    pairs.push((node(&id.beside(Kind::Constraint, &it.id.part), Verb::Create), it.clone()));
                } else {
                    pairs.push((it.clone(), table.clone()));
                }
            }
            continue;
        } else if comes {
            let attached = node(id, Verb::Create);
            let mut pair = |it: &Node, is_later: bool| {
                let is_later = is_later && it.verb == Verb::Create;
                pairs.push(if is_later { (attached.clone(), it.clone()) } else { (it.clone(), attached.clone()) });
            };
            for own in of(id).iter().filter(|it| matters(it, from, to)) {
                // Of what some partitions are to be without, no partition is given its part.
                pair(own, whole(to, &own.id).is_some_and(|above| within.partial.contains(&above)));
            }
            for above in of(&parent).iter().filter(|it| matters(it, from, to)) {
                pair(above, within.partial.contains(&above.id) || to.hands_down_late(&above.id, id));
            }
            if it.bound.is_none() && !of(id).iter().any(|it| matters(it, from, to)) {
                let leaving = from.parents(id).into_iter().filter(|(other, _)| {
                    fates.get(*other) == Some(&Fate::Drop) && !within.gone_with.contains_key(*other)
                });
                let handed = leaving.filter(|(_, other)| is_handed_over(id, &other.parent_id(), &parent, from, to));
                pairs.extend(handed.map(|(other, _)| (attached.clone(), node(other, Verb::Drop))));
            }
            let child = id.beside(Kind::Table, "");
            let namesakes =
                named_after(&child, to).into_iter().filter(|above| fates.get(above).is_some_and(Fate::comes));
            pairs.extend(namesakes.map(|above| (node(&above, Verb::Create), node(&child, Verb::Create))));
            continue;
        }
        for below in of(id).iter().filter(|it| matches!(it.id.kind, Kind::Column | Kind::Constraint)) {
            let is_given = match to.get(&below.id).map(|entry| &entry.object) {
                Some(Object::Column(column)) => column.inherited,
                Some(Object::Constraint(constraint)) => !constraint.local,
                _ => continue,
            };
            let above = node(&parent.beside(below.id.kind, &below.id.part), below.verb);
            match below.verb {
                // A child's own is there before the parent's is, which then finds it.
                Verb::Create if !is_given || to.hands_down_late(&above.id, id) => pairs.push((below.clone(), above)),
                Verb::Create | Verb::Alter => pairs.push((above, below.clone())),
                Verb::Drop => {}
            }
        }
    }
    pairs
}

/// The order around children that leave a parent.
fn detaching<'p>(
    (from, to): (&Catalog, &Catalog),
    fates: &Fates,
    within: &Within,
    of: &impl Fn(&Id) -> &'p [Node],
) -> Vec<(Node, Node)> {
    let mut pairs = Vec::new();
    let references: Vec<(Id, &Id)> = fates
        .iter()
        .filter(|(_, fate)| fate.goes())
        .filter_map(|(id, _)| match &from.get(id)?.object {
            // That of a partition goes with that of the whole.
            Object::Constraint(Constraint { references: Some((schema, name)), of_parent: None, .. }) => {
                Some((Id::new(Kind::Table, schema, name), id))
            }
            _ => None,
        })
        .collect();
    for (id, it) in from.inheritances() {
        let parent = it.parent_id();
        if fates.get(id).is_some_and(Fate::goes) && !within.gone_with.contains_key(id) {
            let detached = node(id, Verb::Drop);
            // As long as a foreign key refers to the whole, rows that it refers to cannot leave it.
            let above = from.above(&parent);
            let keys = references.iter().filter(|(referred, _)| above.contains(referred));
            pairs.extend(keys.map(|(_, key)| (node(key, Verb::Drop), detached.clone())));
            // What stands in the way only goes first of all.
            let rest = of(id).iter().chain(of(&parent)).filter(|it| matters(it, from, to));
            let is_above = |it: &Node| {
                let referred = from.constraint(&it.id, &it.id.part).and_then(|it| it.references.as_ref());
                referred.is_some_and(|(schema, name)| above.contains(&Id::new(Kind::Table, schema, name)))
            };
            let rest = rest.filter(|it| it.verb != Verb::Drop || it.id.kind != Kind::Constraint || !is_above(it));
            pairs.extend(rest.map(|it| (detached.clone(), it.clone())));
        }
        // What a child that goes has of its own a parent's new column need not agree with.
        if within.gone_with.contains_key(id) {
            let new = of(&parent).iter().filter(|it| it.id.kind == Kind::Column && it.verb == Verb::Create);
            let clashing = new.filter(|it| from.entries.contains_key(&id.beside(Kind::Column, &it.id.part)));
            pairs.extend(clashing.map(|it| (node(id, Verb::Drop), it.clone())));
        }
        // A column of both is the child's alone once the parent has lost it.
        let columns = of(id).iter().filter(|it| it.id.kind == Kind::Column && it.verb == Verb::Drop);
        let both = columns.map(|it| (parent.beside(Kind::Column, &it.id.part), it));
        let apart = both.filter(|(above, _)| !within.gone_with.contains_key(above));
        pairs.extend(apart.map(|(above, it)| {
            let above = node(&above, Verb::Drop);
            // A child that goes may need the column as long as it is there: as its partition key, say.
            if within.gone_with.contains_key(&it.id) { (it.clone(), above) } else { (above, it.clone()) }
        }));
    }
    pairs
}

/// Whether a child's column comes from one parent and is to come from another. Without any parent for a while, it would
/// be the child's own ever after.
fn is_handed_over(child: &Id, old: &Id, new: &Id, from: &Catalog, to: &Catalog) -> bool {
    let mut columns = from.columns(child).into_iter().filter(|(id, _, column)| {
        column.inherited && from.column(old, &id.part).is_some() && to.column(new, &id.part).is_some()
    });
    columns.any(|(id, ..)| to.column(id, &id.part).is_some_and(|it| it.inherited))
}

/// The tables above a partition whose columns are `not null` by a name that the partition has from them: PostgreSQL gives
/// that name by itself as long as no other table of the schema has it, and thus only before the partition is made.
fn named_after(child: &Id, to: &Catalog) -> BTreeSet<Id> {
    let columns =
        to.columns(child).into_iter().filter_map(|(id, _, it)| Some((id, it.not_null.as_ref()?.name.as_ref()?)));
    columns
        .flat_map(|(id, name)| {
            let above = to.ancestors(id).into_iter();
            above.filter(move |above| *name == format!("{}_{}_not_null", above.name, above.part))
        })
        .map(|column| column.beside(Kind::Table, ""))
        .collect()
}

/// What waits for a child to be detached, and what a child waits for to be attached. Foreign keys find their way.
fn matters(it: &Node, from: &Catalog, to: &Catalog) -> bool {
    let state = if it.verb == Verb::Drop { from } else { to };
    match state.get(&it.id).map(|entry| &entry.object) {
        Some(Object::Constraint(constraint)) => it.verb == Verb::Drop || constraint.what != ConstraintType::Foreign,
        Some(Object::Column(_) | Object::Default(_) | Object::Index(_) | Object::Table(_)) => true,
        _ => false,
    }
}

fn node(id: &Id, verb: Verb) -> Node {
    Node { id: id.clone(), verb, dummy: false }
}

/// What is done with the parts of tables, by schema and name.
fn parts(from: &Catalog, to: &Catalog, fates: &Fates) -> BTreeMap<(String, String), Vec<Node>> {
    let mut parts: BTreeMap<(String, String), Vec<Node>> = BTreeMap::new();
    if from.inheritances().next().is_none() && to.inheritances().next().is_none() {
        return parts;
    }
    for (id, fate) in fates {
        let index = to.get(id).or_else(|| from.get(id)).map(|entry| &entry.object);
        let name = match (id.kind, index) {
            (Kind::Column | Kind::Default | Kind::Constraint | Kind::Table, _) => &id.name,
            (Kind::Index, Some(Object::Index(index))) => &index.table,
            _ => continue,
        };
        let nodes = parts.entry((id.schema.clone(), name.clone())).or_default();
        if fate.goes() {
            nodes.push(node(id, Verb::Drop));
        }
        if fate.comes() {
            nodes.push(node(id, Verb::Create));
        }
        if matches!(fate, Fate::Alter { .. }) {
            nodes.push(node(id, Verb::Alter));
        }
    }
    parts
}
