//! The plan: the statements that turn one schema into another, in order.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Fate, Fates, Options, compare};
use super::emit::{self, Frame};
use super::keep::{Kept, plan_keeping};
use super::left::{Left, left};
use super::locks;
use super::online;
use super::order::{Node, Within, leader, order};
use super::outside;
use super::partial::partial;
use super::rename::Rename;
use super::step::{Step, Verb};
use super::together::together;
use crate::catalog::{Catalog, ConstraintType, Entry, Id, Kind, Object, Sequence};

/// The statements that turn one schema into another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What becomes of each object that does not stay as it is.
    pub fates: Fates,
    /// The statements, in order.
    pub steps: Vec<Step>,
    /// Objects that need each other in a circle that this model cannot break: their order is a guess.
    pub circles: Vec<Vec<Id>>,
    /// What differs and stays so.
    pub left: Vec<Left>,
    /// What stays although it is not wanted, or not as it is wanted: otherwise data would be lost.
    pub kept: Vec<Kept>,
    /// Where the plan leads, where that is not what is wanted.
    pub target: Option<Box<Catalog>>,
    /// What is renamed, in order; the statements for it are among the steps.
    pub renames: Vec<Rename>,
}

impl Plan {
    /// Where the plan leads, where `to` is wanted.
    pub fn target<'a>(&'a self, to: &'a Catalog) -> &'a Catalog {
        self.target.as_deref().unwrap_or(to)
    }

    /// The plan that begins with renames; it was made for what they leave. Their statements stand before the rest.
    #[must_use]
    pub fn after(mut self, renames: &[Rename], steps: &[Step]) -> Self {
        self.renames = renames.to_vec();
        self.steps.splice(0..0, steps.iter().cloned());
        if self.steps.iter().any(|step| step.block.is_some()) {
            online::cut(&mut self.steps);
        }
        self
    }

    /// The plan of the way back: it leads to what the renames have left, and then takes them back.
    #[must_use]
    pub fn before(mut self, renames: &[Rename]) -> Self {
        self.renames = renames.iter().rev().map(Rename::back).collect();
        let none = Catalog::default();
        let steps: Vec<Step> = self.renames.iter().flat_map(|rename| rename.steps(&none)).collect();
        self.steps.extend(steps);
        self
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.fates.is_empty() && self.renames.is_empty()
    }
}

/// Plans the way from one schema to another.
pub fn plan(from: &Catalog, to: &Catalog, options: Options) -> Plan {
    let plan = if options.no_drop { plan_keeping(from, to, options) } else { plan_to(from, to, options) };
    Plan { steps: together(plan.steps), ..plan }
}

/// Plans all of the way, whatever it costs.
pub(super) fn plan_to(from: &Catalog, to: &Catalog, options: Options) -> Plan {
    let fates = compare(from, to, options);
    let mut apart: BTreeSet<Id> = circling(from, &fates).into_iter().cloned().collect();
    let partial = partial(to);
    let (within, order) = loop {
        let within = Within { partial: partial.clone(), ..within(from, to, &fates, &apart) };
        let frame = Frame { from, to, fates: &fates, apart: &within.apart, partial: &within.partial, options };
        let at_once = options.online.then(|| at_once(frame));
        let order = order(from, to, &fates, &within, at_once.as_deref());
        let more = in_circles(from, to, &order.circles, &within);
        if more.is_empty() {
            break (within, order);
        }
        apart.extend(more);
    };
    let frame = Frame { from, to, fates: &fates, apart: &within.apart, partial: &within.partial, options };
    let mut steps = Vec::new();
    let parts = parts(&within);
    let owned = owned(to);
    let mut done: BTreeSet<&Id> = BTreeSet::new();
    for (at, node) in order.nodes.iter().enumerate() {
        let before = steps.len();
        let made: Vec<&Id> =
            std::iter::once(&node.id).chain(parts.get(&node.id).into_iter().flatten().copied()).collect();
        steps.extend(statements(node, &made, frame));
        if node.verb == Verb::Create {
            done.extend(&made);
            steps.extend(owners(&made, &owned, &done, frame));
        }
        if options.online {
            let block = order.blocks.get(at).copied().flatten();
            online::tie(&mut steps[before..], block, order.nodes.len() + at);
        }
    }
    steps.extend(marks(frame));
    steps.extend(emit::leftovers(from, to, &fates));
    if options.online {
        steps = online::arranged(&steps, to);
    }
    emit::needed_commits(&mut steps);
    locks::complete(&mut steps, (from, to), &fates);
    outside::complete(&mut steps, from, &fates, &within);
    if options.online {
        online::cut(&mut steps);
        online::tell(&mut steps, to);
    }
    let circles = order.circles.into_iter().map(|circle| circle.into_iter().map(|node| node.id).collect()).collect();
    let left = left(from, to, &fates);
    Plan { fates, steps, circles, left, kept: Vec::new(), target: None, renames: Vec::new() }
}

/// What goes and comes back, and nobody is to find it away.
fn at_once(frame: Frame<'_>) -> Vec<&Id> {
    let is_at_once = |id: &Id| frame.to.get(id).is_some_and(|entry| emit::is_at_once(&frame.cx(id, entry)));
    let again = frame.fates.iter().filter(|(_, fate)| **fate == Fate::Recreate).map(|(id, _)| id);
    again.filter(|id| is_at_once(id)).collect()
}

fn statements(node: &Node, made: &[&Id], frame: Frame<'_>) -> Vec<Step> {
    let id = &node.id;
    let Frame { from, to, fates, .. } = frame;
    match (node.verb, fates.get(id)) {
        (Verb::Alter, Some(fate)) if node.dummy => {
            let sql = emit::dummy("create or replace view", id, if fate.goes() { from } else { to });
            vec![Step::alter(id, sql)]
        }
        (Verb::Alter, Some(Fate::Alter { steps, .. })) => steps.clone(),
        (Verb::Alter, Some(_)) => match to.get(id) {
            Some(entry) => emit::fill(&frame.cx(id, entry)),
            None => Vec::new(),
        },
        (Verb::Drop, _) => from.get(id).map_or_else(Vec::new, |entry| emit::drop(&frame.cx(id, entry))),
        (Verb::Create, _) => {
            let mut steps = Vec::new();
            for (number, &id) in made.iter().enumerate() {
                let Some(entry) = to.get(id) else { continue };
                let cx = frame.cx(id, entry);
                if number == 0 && node.dummy {
                    steps.push(Step::create(id, emit::dummy("create view", id, to)));
                } else if number == 0 {
                    steps.extend(emit::create(&cx));
                }
                steps.extend(emit::create_facets(&cx));
            }
            steps
        }
        _ => Vec::new(),
    }
}

/// What is made in the statement of each object.
fn parts(within: &Within) -> BTreeMap<&Id, Vec<&Id>> {
    let mut parts: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
    for part in within.made_with.keys() {
        parts.entry(leader(&within.made_with, part)).or_default().push(part);
    }
    parts
}

/// The sequences that belong to columns, by either.
fn owned(to: &Catalog) -> BTreeMap<Id, Vec<(&Id, &Sequence, Id)>> {
    let mut owned: BTreeMap<Id, Vec<(&Id, &Sequence, Id)>> = BTreeMap::new();
    for (id, entry) in &to.entries {
        let Object::Sequence(sequence) = &entry.object else { continue };
        let Some((schema, table, column)) = &sequence.owned_by else { continue };
        let column_id = Id::part(Kind::Column, schema, table, column);
        for it in [id, &column_id] {
            owned.entry(it.clone()).or_default().push((id, sequence, column_id.clone()));
        }
    }
    owned
}

/// Gives sequences to their columns, as soon as both are there.
fn owners(
    made: &[&Id],
    owned: &BTreeMap<Id, Vec<(&Id, &Sequence, Id)>>,
    done: &BTreeSet<&Id>,
    frame: Frame<'_>,
) -> Vec<Step> {
    let Frame { from, to, fates, .. } = frame;
    let is_there =
        |id: &Id| done.contains(id) || from.entries.contains_key(id) && !fates.get(id).is_some_and(Fate::goes);
    let own = made.iter().filter_map(|id| owned.get(*id)).flatten();
    let both = own.filter(|(id, _, owner)| is_there(id) && is_there(owner));
    let sequences: BTreeMap<&Id, &Sequence> = both.map(|(id, sequence, _)| (*id, *sequence)).collect();
    let step = |(id, sequence)| {
        let entry = to.get(id)?;
        Some(emit::own(sequence, &frame.cx(id, entry)))
    };
    sequences.into_iter().filter_map(step).flatten().collect()
}

/// What tables say of their indexes, once all are there.
fn marks(frame: Frame<'_>) -> Vec<Step> {
    let Frame { from, to, fates, .. } = frame;
    let mut steps = Vec::new();
    let can = |(id, _): &(&Id, &Entry)| matches!(id.kind, Kind::Table | Kind::MaterializedView);
    for (id, entry) in to.entries.iter().filter(can) {
        let old = from.get(id).filter(|_| !fates.get(id).is_some_and(Fate::goes)).map(|entry| &entry.object);
        // A mark goes with its index.
        let is_made_again = |index: &str| {
            let ids = [Id::new(Kind::Index, &id.schema, index), id.beside(Kind::Constraint, index)];
            ids.iter().any(|id| fates.get(id).is_some_and(Fate::comes))
        };
        let cx = frame.cx(id, entry);
        match (old, &entry.object) {
            (Some(Object::Table(old)), Object::Table(new)) => {
                steps.extend(emit::index_marks(Some(old), new, &is_made_again, &cx));
            }
            (_, Object::Table(new)) => steps.extend(emit::index_marks(None, new, &is_made_again, &cx)),
            (old, Object::MaterializedView(new)) => {
                let before = match old {
                    Some(Object::MaterializedView(old)) => old.clustered_on.as_ref(),
                    _ => None,
                };
                steps.extend(emit::cluster_mark(before, new.clustered_on.as_ref(), &is_made_again, &cx));
            }
            _ => {}
        }
    }
    steps
}

/// What is made and what goes in the statement of another object.
///
/// What goes `apart` goes by itself, before the object that it is a part of.
fn within(from: &Catalog, to: &Catalog, fates: &Fates, apart: &BTreeSet<Id>) -> Within {
    let mut within = Within { apart: apart.clone(), ..Within::default() };
    for (id, fate) in fates {
        if fate.goes()
            && !apart.contains(id)
            && let Some(with) = parent(from, id).filter(|it| fates.get(it).is_some_and(Fate::goes))
        {
            within.gone_with.insert(id.clone(), with);
        }
        if fate.comes()
            && !apart.contains(id)
            && is_made_inside(to, id)
            && let Some(with) = parent(to, id).filter(|it| fates.get(it).is_some_and(Fate::comes))
        {
            within.made_with.insert(id.clone(), with);
        }
    }
    within
}

/// What ties objects to each other in a circle, and can go before them or be made after them: rules, policies, defaults,
/// constraints and the like that need another one of the circle.
fn in_circles(from: &Catalog, to: &Catalog, circles: &[Vec<Node>], within: &Within) -> BTreeSet<Id> {
    let mut found = BTreeSet::new();
    for circle in circles {
        for (verb, state, with) in [(Verb::Drop, from, &within.gone_with), (Verb::Create, to, &within.made_with)] {
            let members: BTreeSet<&Id> = circle.iter().filter(|it| it.verb == verb).map(|it| &it.id).collect();
            for id in with.keys().filter(|id| stands_by_itself(state, id)) {
                let whole = leader(with, id);
                let is_other = |needed: &Id| {
                    let other = leader(with, needed);
                    other != whole && members.contains(other)
                };
                if members.contains(whole) && state.needs.get(id).into_iter().flatten().any(is_other) {
                    found.insert(id.clone());
                }
            }
        }
    }
    found
}

/// Whether a statement can make it, or take it away, while the object that it is a part of is there.
fn stands_by_itself(state: &Catalog, id: &Id) -> bool {
    match state.get(id).map(|entry| &entry.object) {
        Some(Object::Constraint(constraint)) => constraint.of_parent.is_none() && constraint.local,
        Some(Object::Trigger(trigger)) => trigger.of_parent.is_none(),
        Some(
            Object::Rule(_)
            | Object::Policy(_)
            | Object::Default(_)
            | Object::Index(_)
            | Object::Statistics(_)
            | Object::Inheritance(_),
        ) => true,
        _ => false,
    }
}

/// Foreign keys between tables that go and refer to each other: no table can go with its own before the others have gone.
fn circling<'a>(from: &Catalog, fates: &'a Fates) -> BTreeSet<&'a Id> {
    let is_foreign = |id: &Id| matches!(from.get(id).map(|entry| &entry.object), Some(Object::Constraint(it)) if it.what == ConstraintType::Foreign && it.of_parent.is_none());
    let goes = |id: &Id| fates.get(id).is_some_and(Fate::goes);
    let mut keys: Vec<(&Id, Id, Id)> = Vec::new();
    for id in fates.keys().filter(|id| id.kind == Kind::Constraint && goes(id) && is_foreign(id)) {
        let table = id.beside(Kind::Table, "");
        let columns = from.needs.get(id).into_iter().flatten().filter(|it| it.kind == Kind::Column);
        let other = columns.map(|column| column.beside(Kind::Table, "")).find(|other| *other != table);
        if let Some(other) = other.filter(|other| goes(&table) && goes(other)) {
            keys.push((id, table, other));
        }
    }
    // Who refers to none of the rest, or is referred to by none, is in no circle.
    loop {
        let referring: BTreeSet<Id> = keys.iter().map(|(_, table, _)| table.clone()).collect();
        let referred: BTreeSet<Id> = keys.iter().map(|(_, _, other)| other.clone()).collect();
        let before = keys.len();
        keys.retain(|(_, table, other)| referred.contains(table) && referring.contains(other));
        if keys.len() == before {
            break;
        }
    }
    let mut refers: BTreeMap<&Id, BTreeSet<&Id>> = BTreeMap::new();
    for (_, table, other) in &keys {
        refers.entry(table).or_default().insert(other);
    }
    let comes_back = |table: &Id, other: &Id| {
        let (mut seen, mut queue) = (BTreeSet::new(), vec![other]);
        while let Some(next) = queue.pop() {
            if seen.insert(next) {
                queue.extend(refers.get(next).into_iter().flatten());
            }
        }
        seen.contains(table)
    };
    keys.iter().filter(|(_, table, other)| comes_back(table, other)).map(|(id, ..)| *id).collect()
}

/// The object that an object is a part of, and goes with.
pub(super) fn parent(catalog: &Catalog, id: &Id) -> Option<Id> {
    let relation = |kinds: &[Kind]| {
        kinds.iter().map(|kind| Id::new(*kind, &id.schema, &id.name)).find(|id| catalog.entries.contains_key(id))
    };
    match id.kind {
        Kind::Default => Some(id.beside(Kind::Column, &id.part)).filter(|id| catalog.entries.contains_key(id)),
        Kind::Column | Kind::Constraint | Kind::Trigger | Kind::Policy | Kind::Rule => relation(&[
            Kind::Table,
            Kind::ForeignTable,
            Kind::View,
            Kind::MaterializedView,
            Kind::Composite,
            Kind::Domain,
        ]),
        // The functions of a type need its shell; the type takes them with it.
        Kind::Function => {
            let needs = |id: &Id| catalog.needs.get(id).into_iter().flatten();
            let shells = needs(id).filter(|it| it.kind == Kind::BaseType && !it.part.is_empty());
            let mut whole = shells.flat_map(|shell| [Kind::BaseType, Kind::Range].map(|kind| shell.beside(kind, "")));
            whole.find(|whole| catalog.entries.contains_key(whole) && needs(whole).any(|it| it == id))
        }
        Kind::Inheritance => relation(&[Kind::Table, Kind::ForeignTable]),
        Kind::Index => match &catalog.get(id)?.object {
            Object::Index(index) => [Kind::Table, Kind::MaterializedView]
                .map(|kind| Id::new(kind, &id.schema, &index.table))
                .into_iter()
                .find(|id| catalog.entries.contains_key(id)),
            _ => None,
        },
        Kind::Statistics => match &catalog.get(id)?.object {
            Object::Statistics(statistics) => Some(Id::new(Kind::Table, &statistics.table.0, &statistics.table.1))
                .filter(|id| catalog.entries.contains_key(id)),
            _ => None,
        },
        Kind::PublicationTable | Kind::PublicationSchema => Some(Id::new(Kind::Publication, "", &id.part)),
        Kind::Sequence => match &catalog.get(id)?.object {
            Object::Sequence(Sequence { owned_by: Some((schema, table, column)), .. }) => {
                Some(Id::part(Kind::Column, schema, table, column)).filter(|id| catalog.entries.contains_key(id))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether the statement that makes the parent makes this part too.
///
/// Foreign keys come by themselves, so that tables that refer to each other stand in no circle; so do constraints with
/// an index, which a partition cannot have before it is attached, and constraints that are not validated.
fn is_made_inside(to: &Catalog, id: &Id) -> bool {
    match to.get(id).map(|entry| &entry.object) {
        // No statement that makes a view can say what its columns' defaults are.
        Some(Object::Default(_)) => !to.entries.contains_key(&id.beside(Kind::View, "")),
        Some(Object::Column(_) | Object::PublicationTable(_) | Object::PublicationSchema(_)) => true,
        Some(Object::Sequence(sequence)) => sequence.of_identity,
        Some(Object::Constraint(constraint)) => constraint.is_inline(to.is_partition(id)),
        // A partition is attached once its indexes are there.
        Some(Object::Inheritance(inheritance)) => inheritance.bound.is_none(),
        _ => false,
    }
}
