//! The order of a plan: what is needed comes before what needs it, in both states.

mod blocks;
mod dummies;
mod names;
mod rank;
mod sort;

use std::collections::{BTreeMap, BTreeSet};

use dummies::{Dummies, break_circles};
use rank::Ranks;

use super::compare::{Fate, Fates};
use super::emit;
use super::held::{inside, needs};
use super::lineage;
use super::overload;
use super::plan::parent;
use super::step::Verb;
use crate::catalog::default_privileges::word;
use crate::catalog::{Catalog, Id, Kind, Object};

/// What is done with one object at one point of the plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// The object.
    pub id: Id,
    /// What is done.
    pub verb: Verb,
    /// Whether it is done with a dummy of a view.
    pub dummy: bool,
}

/// The nodes in an order that PostgreSQL accepts, and those that stand in a circle, which no order satisfies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// All nodes.
    pub nodes: Vec<Node>,
    /// The nodes of circles, by circle: their order is a guess.
    pub circles: Vec<Vec<Node>>,
    /// The number of what each node is done at once with, where that was asked for.
    pub blocks: Vec<Option<usize>>,
}

/// Who makes and takes away what is not done by itself: a column is made with its table, a constraint goes with it.
#[derive(Debug, Clone, Default)]
pub struct Within {
    /// The object in whose statement this one is made.
    pub made_with: BTreeMap<Id, Id>,
    /// The object in whose statement this one goes.
    pub gone_with: BTreeMap<Id, Id>,
    /// Parts that are made and go by themselves, so that what they need may need their whole.
    pub apart: BTreeSet<Id>,
    /// Indexes of partitioned tables that some partitions are to be without.
    pub partial: BTreeSet<Id>,
}

/// Orders what becomes of the objects; what of them goes and comes back at once is done with nothing else in between.
pub fn order(from: &Catalog, to: &Catalog, fates: &Fates, within: &Within, at_once: Option<&[&Id]>) -> Order {
    let mut dummies = Dummies::new();
    loop {
        let mut graph = Graph { dummies, ..Graph::default() };
        graph.fill(from, to, fates, within);
        if let Some(at_once) = at_once {
            graph.keys_first(from, to);
            graph.bounds_free(from, to, at_once);
        }
        let ranks = Ranks { from, to };
        let mut order = graph.sort(&ranks);
        if order.circles.is_empty()
            && let Some(at_once) = at_once
        {
            graph.gather(&mut order, at_once, within, &ranks);
        }
        dummies = graph.dummies;
        if !break_circles(&order.circles, &mut dummies) {
            return order;
        }
    }
}

/// Who makes an object, or takes it away, in whose statement.
pub(super) fn leader<'a>(map: &'a BTreeMap<Id, Id>, id: &'a Id) -> &'a Id {
    let mut leader = id;
    while let Some(next) = map.get(leader) {
        leader = next;
    }
    leader
}

/// What an object needs, with the columns that hand on what is done to them to those that it needs.
fn with_ancestors(catalog: &Catalog, id: &Id) -> BTreeSet<Id> {
    let needs = catalog.needs.get(id).cloned().unwrap_or_default();
    let columns = needs.iter().filter(|it| it.kind == Kind::Column);
    let above: Vec<Id> = columns.flat_map(|column| catalog.ancestors(column)).collect();
    needs.into_iter().chain(above).collect()
}

/// Whether a constraint is a partition's part of one of the partitioned table.
fn is_of(catalog: &Catalog, id: &Id, above: &Id) -> bool {
    let of_parent =
        catalog.constraint(id, &id.part).filter(|_| id.kind == Kind::Constraint).and_then(|it| it.of_parent.as_ref());
    of_parent.is_some_and(|(schema, table, name)| *above == Id::part(Kind::Constraint, schema, table, name))
}

/// Whether what needs a type is a column, and no attribute of that type.
fn is_of_type(id: &Id, needed: &Id) -> bool {
    id.kind == Kind::Column && (&id.schema, &id.name) != (&needed.schema, &needed.name)
}

#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    index: BTreeMap<Node, usize>,
    /// Who comes directly after each node.
    after: Vec<BTreeSet<usize>>,
    dummies: Dummies,
}

impl Graph {
    fn fill(&mut self, from: &Catalog, to: &Catalog, fates: &Fates, within: &Within) {
        for (id, fate) in fates {
            if fate.goes() && !within.gone_with.contains_key(id) {
                self.add(id, Verb::Drop);
            }
            if matches!(fate, Fate::Alter { .. }) {
                self.add(id, Verb::Alter);
            }
            if fate.comes() && !within.made_with.contains_key(id) {
                self.add(id, Verb::Create);
            }
        }
        for (id, fate) in fates {
            if !matches!(fate, Fate::Drop) {
                self.wait_for_makers(id, fate, (from, to), fates, within);
            }
            if !matches!(fate, Fate::Create) {
                self.go_before_needed(id, fate, (from, to), fates, within);
            }
        }
        for (id, _) in fates.iter().filter(|(_, fate)| fate.goes()) {
            for rival in overload::rivals(id, from, to) {
                let there = self.find(rival, Verb::Create).or_else(|| self.find(rival, Verb::Alter));
                self.edge(self.find(id, Verb::Drop), there);
            }
        }
        for (first, second) in lineage::pairs(from, to, fates, within) {
            let find = |node: &Node| match node.verb {
                Verb::Drop => self.find(leader(&within.gone_with, &node.id), Verb::Drop),
                Verb::Create => self.find(leader(&within.made_with, &node.id), Verb::Create),
                Verb::Alter => self.find(&node.id, Verb::Alter),
            };
            let (first, second) = (find(&first), find(&second));
            self.edge(first, second);
        }
        for (freed, taken) in names::pairs(from, to, fates) {
            let freed = match freed.verb {
                Verb::Drop => self.find(leader(&within.gone_with, &freed.id), Verb::Drop),
                verb => self.find(&freed.id, verb),
            };
            let taken = match taken.verb {
                Verb::Create => self.first(leader(&within.made_with, &taken.id), Verb::Create),
                verb => self.find(&taken.id, verb),
            };
            self.edge(freed, taken);
        }
        self.columns_in_order(to);
        self.sequences(from, fates, within);
        self.rows_of_functions(from, to);
        self.privileges_first(if from.user.is_empty() { &to.user } else { &from.user });
        self.tables_first(to);
        self.transforms_go(from, to);
    }

    /// Made or changed once what it needs is there, and has become what it is to be.
    fn wait_for_makers(
        &mut self,
        id: &Id,
        fate: &Fate,
        (from, to): (&Catalog, &Catalog),
        fates: &Fates,
        within: &Within,
    ) {
        let (maker, verb) =
            if fate.comes() { (leader(&within.made_with, id), Verb::Create) } else { (id, Verb::Alter) };
        let here = if maker == id { self.find(id, self.verb(id, verb)) } else { self.first(maker, verb) };
        for needed in &with_ancestors(to, id) {
            self.take(id, needed, here, (from, to));
            let (other, other_verb) = match fates.get(needed) {
                Some(fate) if fate.comes() => (leader(&within.made_with, needed), Verb::Create),
                Some(Fate::Alter { .. }) => (needed, Verb::Alter),
                _ => continue,
            };
            if other == maker && other_verb == verb {
                continue;
            }
            let view = self.dummy_view(needed, other, other_verb);
            let makes_do = view.as_ref().is_some_and(|view| self.makes_do(view, maker, verb));
            let there = match &view {
                Some((view, verb)) if makes_do => self.first(view, *verb),
                _ => self.find(other, self.verb(other, other_verb)),
            };
            self.edge(there, here);
        }
    }

    /// Taken away or changed before what it needed goes.
    fn go_before_needed(
        &mut self,
        id: &Id,
        fate: &Fate,
        (from, to): (&Catalog, &Catalog),
        fates: &Fates,
        within: &Within,
    ) {
        let (goer, verb) = if fate.goes() { (leader(&within.gone_with, id), Verb::Drop) } else { (id, Verb::Alter) };
        // A view lets go as soon as its dummy stands for it.
        let here = match (goer == id).then(|| self.dummy(id, verb)).flatten() {
            Some(dummy) => Some(dummy),
            None => self.find(goer, verb),
        };
        // What goes with its column goes with those above too.
        let is_apart = goer == id || goer.kind == Kind::Publication;
        let needs = if is_apart { with_ancestors(from, id) } else { from.needs.get(id).cloned().unwrap_or_default() };
        for needed in &needs {
            // A foreign key of the whole that goes by itself takes along that of a partition.
            if goer != id && is_of(from, id, needed) && !within.gone_with.contains_key(needed) {
                continue;
            }
            let there = match fates.get(needed) {
                // What stays while its type is made anew is changed once that is there.
                Some(Fate::Recreate) if !fate.goes() && to.needs.get(id).is_some_and(|it| it.contains(needed)) => None,
                Some(Fate::Drop) if !fate.goes() && emit::is_left_behind(id, needed, fates, from, to) => None,
                Some(it) if it.goes() => self.find(leader(&within.gone_with, needed), Verb::Drop),
                Some(Fate::Alter { disturbs, .. }) if fate.goes() => {
                    // A column of a primary key is `not null` as long as that is there.
                    let holds = needed.kind == Kind::Column && matches!(id.kind, Kind::Constraint | Kind::Index);
                    let is_default = id.kind == Kind::Default && needed.kind != Kind::Sequence;
                    let is_away = holds || !disturbs.is_empty() || is_default;
                    is_away.then(|| self.first(needed, Verb::Alter)).flatten()
                }
                _ => None,
            };
            self.edge(here, there);
            self.let_go(id, needed, here, (from, to));
        }
    }

    /// A type changes in place once the columns that are to be of another one have let it go, and before others take it:
    /// while they are there, PostgreSQL may refuse.
    fn let_go(&mut self, id: &Id, needed: &Id, here: Option<usize>, (from, to): (&Catalog, &Catalog)) {
        if !needs(to, id, needed) && is_of_type(id, needed) {
            for part in inside(needed, from, to) {
                self.edge(here, self.find(&part, Verb::Alter));
                self.edge(here, self.find(&part, Verb::Create));
            }
        }
    }

    fn take(&mut self, id: &Id, needed: &Id, here: Option<usize>, (from, to): (&Catalog, &Catalog)) {
        if !needs(from, id, needed) && is_of_type(id, needed) {
            for part in inside(needed, to, from) {
                // What a domain is to hold may need the very table that a new column stands in, which has no values yet.
                let is_new = part.kind == Kind::Constraint && from.get(id).is_none() && from.get(&part).is_none();
                for verb in [Verb::Create, Verb::Alter, Verb::Drop].into_iter().filter(|_| !is_new) {
                    self.edge(self.find(&part, verb), here);
                }
            }
        }
    }

    fn add(&mut self, id: &Id, verb: Verb) {
        if self.dummies.contains_key(&(id.clone(), verb)) {
            // The dummy, and the view: made, its dummy is filled; dropped, it is emptied before.
            let dummy = if verb == Verb::Drop { Verb::Alter } else { verb };
            let view = if verb == Verb::Create { Verb::Alter } else { verb };
            let first = self.push(Node { id: id.clone(), verb: dummy, dummy: true });
            let second = self.push(Node { id: id.clone(), verb: view, dummy: false });
            self.edge(Some(first), Some(second));
        } else {
            self.push(Node { id: id.clone(), verb, dummy: false });
        }
    }

    fn push(&mut self, node: Node) -> usize {
        let at = self.nodes.len();
        self.index.insert(node.clone(), at);
        self.nodes.push(node);
        self.after.push(BTreeSet::new());
        at
    }

    fn find(&self, id: &Id, verb: Verb) -> Option<usize> {
        self.index.get(&Node { id: id.clone(), verb, dummy: false }).copied()
    }

    fn edge(&mut self, first: Option<usize>, second: Option<usize>) {
        if let (Some(first), Some(second)) = (first, second)
            && first != second
        {
            self.after[first].insert(second);
        }
    }

    /// Columns that are added stand in the table in the order in which they were added.
    fn columns_in_order(&mut self, to: &Catalog) {
        let mut added: BTreeMap<(String, String), Vec<(u32, usize)>> = BTreeMap::new();
        for (at, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.verb == Verb::Create) {
            if let Some(Object::Column(column)) = to.get(&node.id).map(|entry| &entry.object)
                && !column.inherited
            {
                let table = (node.id.schema.clone(), node.id.name.clone());
                added.entry(table).or_default().push((column.position, at));
            }
        }
        for mut columns in added.into_values() {
            columns.sort_unstable();
            for pair in columns.windows(2) {
                self.edge(Some(pair[0].1), Some(pair[1].1));
            }
        }
    }

    /// The name of an identity column's sequence is free only when the column no longer numbers itself; a sequence that
    /// stays leaves its column before that goes, which would take it along.
    fn sequences(&mut self, from: &Catalog, fates: &Fates, within: &Within) {
        for (id, fate) in fates.iter().filter(|(id, _)| id.kind == Kind::Sequence) {
            let Some(Object::Sequence(sequence)) = from.get(id).map(|entry| &entry.object) else { continue };
            let Some((schema, table, column)) = &sequence.owned_by else { continue };
            let column = Id::part(Kind::Column, schema, table, column);
            if sequence.of_identity && fate.comes() {
                self.edge(self.find(&column, Verb::Alter), self.find(id, Verb::Create));
            }
            let gone = self.find(leader(&within.gone_with, &column), Verb::Drop);
            self.edge(self.find(id, Verb::Alter), gone);
        }
    }

    /// What reads a function that gives a table's rows names all columns of the table, needed or not: it is written when the
    /// table has them.
    fn rows_of_functions(&mut self, from: &Catalog, to: &Catalog) {
        let is_reader = |node: &Node| {
            let kinds = [Kind::View, Kind::MaterializedView, Kind::Rule];
            kinds.contains(&node.id.kind) && node.verb != Verb::Drop && !node.dummy
        };
        let readers: Vec<usize> = (0..self.nodes.len()).filter(|&at| is_reader(&self.nodes[at])).collect();
        let mut edges = Vec::new();
        for reader in readers {
            let id = &self.nodes[reader].id;
            let needs = |id: &Id| to.needs.get(id).into_iter().flatten();
            let tables = needs(id).filter(|it| it.kind == Kind::Function).flat_map(needs);
            for table in tables.filter(|it| it.kind == Kind::Table) {
                let columns = from.parts(table, Kind::Column).chain(to.parts(table, Kind::Column)).map(|(id, _)| id);
                let is_let_go = |column: &Id| from.needs.get(id).is_some_and(|needs| needs.contains(column));
                for column in columns {
                    let dropped = self.find(column, Verb::Drop).filter(|_| !is_let_go(column));
                    let there = [dropped, self.find(column, Verb::Create), self.find(column, Verb::Alter)];
                    edges.extend(there.into_iter().flatten().map(|column| (column, reader)));
                }
            }
        }
        for (column, reader) in edges {
            self.edge(Some(column), Some(reader));
        }
    }

    /// The default privileges of the role that applies the plan become what they are to be before what they are about is
    /// made, so that it has its privileges from the beginning.
    fn privileges_first(&mut self, user: &str) {
        let is_default = |node: &Node| node.id.kind == Kind::DefaultPrivileges && node.id.name == user;
        let defaults: Vec<usize> = (0..self.nodes.len()).filter(|&at| is_default(&self.nodes[at])).collect();
        for &first in &defaults {
            let id = self.nodes[first].id.clone();
            let is_about = |node: &Node| {
                let kind = match node.id.kind {
                    // With its identity columns come their sequences.
                    Kind::Table | Kind::Column if id.part == "sequences" => Some("sequences"),
                    kind => word(kind),
                };
                let is_made = node.verb == Verb::Create || node.verb == Verb::Alter && node.id.kind == Kind::Column;
                is_made && kind == Some(id.part.as_str()) && (id.schema.is_empty() || id.schema == node.id.schema)
            };
            let made: Vec<usize> = (0..self.nodes.len()).filter(|&at| is_about(&self.nodes[at])).collect();
            for second in made {
                self.edge(Some(first), Some(second));
            }
        }
    }

    /// Up to PostgreSQL 17 a routine that is made while there is a transform of one of its types for its language needs that
    /// transform, whether it names it or not: what is not to need it comes when it is gone.
    fn transforms_go(&mut self, from: &Catalog, to: &Catalog) {
        let is_gone = |node: &Node| node.id.kind == Kind::Transform && node.verb == Verb::Drop;
        for gone in (0..self.nodes.len()).filter(|&at| is_gone(&self.nodes[at])).collect::<Vec<_>>() {
            let transform = self.nodes[gone].id.clone();
            let (data_type, language) = (&transform.name, &transform.part);
            let lets_go = |id: &Id| from.needs.get(id).is_some_and(|needs| needs.contains(&transform));
            let is_taken = |node: &Node| match to.get(&node.id).map(|entry| &entry.object) {
                _ if node.verb == Verb::Drop || node.verb == Verb::Alter && lets_go(&node.id) => false,
                Some(Object::Function(it)) => {
                    it.language == *language
                        && (it.returns == *data_type || it.arguments.iter().any(|it| it.data_type == *data_type))
                }
                Some(Object::Procedure(it)) => {
                    it.language == *language && it.arguments.iter().any(|it| it.data_type == *data_type)
                }
                _ => false,
            };
            for taker in (0..self.nodes.len()).filter(|&at| is_taken(&self.nodes[at])).collect::<Vec<_>>() {
                self.edge(Some(gone), Some(taker));
            }
        }
    }

    /// A table changes before its columns, whose privileges `revoke` on the table takes too, and before the sequences that
    /// are given to it, which must have its owner.
    fn tables_first(&mut self, to: &Catalog) {
        let is_part = |node: &Node| match node.id.kind {
            Kind::Column => node.verb == Verb::Alter,
            kind => kind == Kind::Sequence && node.verb != Verb::Drop,
        };
        let parts: Vec<usize> = (0..self.nodes.len()).filter(|&at| is_part(&self.nodes[at])).collect();
        for at in parts {
            let id = &self.nodes[at].id;
            let of = parent(to, id);
            let table = if id.kind == Kind::Sequence { of.and_then(|column| parent(to, &column)) } else { of };
            self.edge(table.and_then(|table| self.find(&table, Verb::Alter)), Some(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_in_the_query_of_the_view_whose_rows_it_gives_makes_do_with_a_dummy() {
        let view = Id::new(Kind::View, "public", "v");
        let function = Id::new(Kind::Function, "public", "f");
        let reader = Id::new(Kind::MaterializedView, "public", "m");
        let mut to = Catalog::default();
        for (id, needed) in [(&view, &function), (&function, &view), (&reader, &view)] {
            to.needs.insert(id.clone(), BTreeSet::from([needed.clone()]));
        }
        let made = [&view, &function, &reader].map(|id| (id.clone(), Fate::Create));
        let order = order(&Catalog::default(), &to, &Fates::from(made), &Within::default(), None);
        let nodes: Vec<_> = order.nodes.iter().map(|node| (&node.id, node.verb, node.dummy)).collect();
        assert_eq!(order.circles, Vec::<Vec<Node>>::new());
        assert_eq!(
            nodes,
            [
                (&view, Verb::Create, true),
                (&function, Verb::Create, false),
                (&view, Verb::Alter, false),
                (&reader, Verb::Create, false),
            ]
        );
    }
}
