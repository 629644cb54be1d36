//! The plan: the statements that turn one schema into another, in order.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Fate, Fates, Options, compare};
use super::emit::{self, Cx};
use super::order::{Node, Within, order};
use super::rename::Rename;
use super::step::{Step, Verb};
use crate::catalog::{Catalog, ConstraintType, Id, Kind, Object, Sequence};

/// The statements that turn one schema into another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What becomes of each object that does not stay as it is.
    pub fates: Fates,
    /// The statements, in order.
    pub steps: Vec<Step>,
    /// Objects that need each other in a circle that this model cannot break: their order is a guess.
    pub circles: Vec<Vec<Id>>,
    /// What is renamed, in order; the statements for it are among the steps.
    pub renames: Vec<Rename>,
}

impl Plan {
    /// The plan that begins with renames; it was made for what they leave. Their statements stand before the rest.
    #[must_use]
    pub fn after(mut self, renames: &[Rename], steps: &[Step]) -> Self {
        self.renames = renames.to_vec();
        self.steps.splice(0..0, steps.iter().cloned());
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
    let fates = compare(from, to, options);
    let within = within(from, to, &fates);
    let order = order(from, to, &fates, &within);
    let mut steps = Vec::new();
    let mut there: BTreeSet<Id> =
        from.entries.keys().filter(|id| !fates.get(*id).is_some_and(Fate::goes)).cloned().collect();
    for node in &order.nodes {
        steps.extend(statements(node, (from, to), &fates, &within, options));
        if node.verb == Verb::Create {
            let made: Vec<Id> = made(&node.id, &within).cloned().collect();
            there.extend(made.iter().cloned());
            steps.extend(owners(&made, &there, (from, to), &fates, options));
        }
    }
    steps.extend(marks((from, to), &fates, options));
    steps.extend(emit::leftovers(from, to, &fates));
    emit::needed_commits(&mut steps);
    let circles = order.circles.into_iter().map(|circle| circle.into_iter().map(|node| node.id).collect()).collect();
    Plan { fates, steps, circles, renames: Vec::new() }
}

fn statements(
    node: &Node,
    (from, to): (&Catalog, &Catalog),
    fates: &Fates,
    within: &Within,
    options: Options,
) -> Vec<Step> {
    let id = &node.id;
    let owners = options.owners;
    match (node.verb, fates.get(id)) {
        (Verb::Alter, Some(fate)) if node.dummy => {
            let sql = emit::dummy("create or replace view", id, if fate.goes() { from } else { to });
            vec![Step::alter(id, sql)]
        }
        (Verb::Alter, Some(Fate::Alter { steps, .. })) => steps.clone(),
        (Verb::Alter, Some(_)) => match to.get(id) {
            Some(entry) => emit::fill(&Cx { id, entry, from, to, fates, owners }),
            None => Vec::new(),
        },
        (Verb::Drop, _) => {
            from.get(id).map_or_else(Vec::new, |entry| emit::drop(&Cx { id, entry, from, to, fates, owners }))
        }
        (Verb::Create, _) => {
            let mut steps = Vec::new();
            for (number, id) in made(id, within).enumerate() {
                let Some(entry) = to.get(id) else { continue };
                let cx = Cx { id, entry, from, to, fates, owners };
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

/// An object and what is made in its statement.
fn made<'a>(id: &'a Id, within: &'a Within) -> impl Iterator<Item = &'a Id> {
    std::iter::once(id).chain(
        within
            .made_with
            .iter()
            .filter(move |(part, _)| {
                let mut leader = *part;
                while let Some(next) = within.made_with.get(leader) {
                    leader = next;
                }
                leader == id
            })
            .map(|(part, _)| part),
    )
}

/// Gives sequences to their columns, as soon as both are there.
fn owners(
    made: &[Id],
    there: &BTreeSet<Id>,
    (from, to): (&Catalog, &Catalog),
    fates: &Fates,
    options: Options,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for (id, entry) in &to.entries {
        let Object::Sequence(sequence) = &entry.object else { continue };
        let Some((schema, table, column)) = &sequence.owned_by else { continue };
        let owner = Id::part(Kind::Column, schema, table, column);
        if there.contains(id) && there.contains(&owner) && (made.contains(id) || made.contains(&owner)) {
            steps.extend(emit::own(sequence, &Cx { id, entry, from, to, fates, owners: options.owners }));
        }
    }
    steps
}

/// What tables say of their indexes, once all are there.
fn marks((from, to): (&Catalog, &Catalog), fates: &Fates, options: Options) -> Vec<Step> {
    let mut steps = Vec::new();
    for (id, entry) in &to.entries {
        let old = from.get(id).filter(|_| !fates.get(id).is_some_and(Fate::goes)).map(|entry| &entry.object);
        // A mark goes with its index.
        let is_made_again = |index: &str| {
            let ids = [Id::new(Kind::Index, &id.schema, index), id.beside(Kind::Constraint, index)];
            ids.iter().any(|id| fates.get(id).is_some_and(Fate::comes))
        };
        let cx = Cx { id, entry, from, to, fates, owners: options.owners };
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
fn within(from: &Catalog, to: &Catalog, fates: &Fates) -> Within {
    let mut within = Within::default();
    let circling = circling(from, fates);
    for (id, fate) in fates {
        if fate.goes()
            && !circling.contains(id)
            && let Some(with) = parent(from, id).filter(|it| fates.get(it).is_some_and(Fate::goes))
        {
            within.gone_with.insert(id.clone(), with);
        }
        if fate.comes()
            && is_made_inside(to, id)
            && let Some(with) = parent(to, id).filter(|it| fates.get(it).is_some_and(Fate::comes))
        {
            within.made_with.insert(id.clone(), with);
        }
    }
    within
}

/// Foreign keys between tables that go and refer to each other: no table can go with its own before the others have gone.
fn circling<'a>(from: &'a Catalog, fates: &Fates) -> BTreeSet<&'a Id> {
    let is_foreign = |object: &Object| matches!(object, Object::Constraint(it) if it.what == ConstraintType::Foreign && it.of_parent.is_none());
    let mut keys: Vec<(&Id, Id, Id)> = Vec::new();
    let mut refers: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for (id, _) in from.entries.iter().filter(|(_, entry)| is_foreign(&entry.object)) {
        let table = id.beside(Kind::Table, "");
        let columns = from.needs.get(id).into_iter().flatten().filter(|it| it.kind == Kind::Column);
        let other = columns.map(|column| column.beside(Kind::Table, "")).find(|other| *other != table);
        if let Some(other) = other
            && [&table, &other].iter().all(|it| fates.get(*it).is_some_and(Fate::goes))
        {
            refers.entry(table.clone()).or_default().insert(other.clone());
            keys.push((id, table, other));
        }
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
