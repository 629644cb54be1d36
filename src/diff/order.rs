//! The order of a plan: what is needed comes before what needs it, in both states.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Fate, Fates};
use super::emit;
use super::held::{inside, needs};
use super::lineage;
use super::names::{Name, names, taken_inside};
use super::overload;
use super::plan::parent;
use super::rank::{Rank, Ranks};
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
}

/// Who makes and takes away what is not done by itself: a column is made with its table, a constraint goes with it.
#[derive(Debug, Clone, Default)]
pub struct Within {
    /// The object in whose statement this one is made.
    pub made_with: BTreeMap<Id, Id>,
    /// The object in whose statement this one goes.
    pub gone_with: BTreeMap<Id, Id>,
}

/// The views that stand in a circle, by what is done with them, and who stands in it with them.
///
/// A function that gives a view's rows may stand in the view's own query. A dummy with the view's columns breaks the
/// circle: those in it make do with the dummy, and everybody else waits for the view.
type Dummies = BTreeMap<(Id, Verb), BTreeSet<(Id, Verb)>>;

/// Orders what becomes of the objects.
pub fn order(from: &Catalog, to: &Catalog, fates: &Fates, within: &Within) -> Order {
    let mut dummies = Dummies::new();
    loop {
        let mut graph = Graph { dummies, ..Graph::default() };
        graph.fill(from, to, fates, within);
        let order = graph.sort(&Ranks { from, to });
        dummies = graph.dummies;
        if !break_circles(&order.circles, &mut dummies) {
            return order;
        }
    }
}

/// Whether a dummy more, or another object that makes do with one, may break a circle.
fn break_circles(circles: &[Vec<Node>], dummies: &mut Dummies) -> bool {
    let mut is_new = false;
    for circle in circles {
        let member = |node: &Node| {
            let made = (node.id.clone(), Verb::Create);
            // What is made through a dummy is changed at last.
            if dummies.contains_key(&made) { made } else { (node.id.clone(), node.verb) }
        };
        let members: Vec<(Id, Verb)> = circle.iter().map(member).collect();
        let views = || members.iter().filter(|(id, _)| id.kind == Kind::View);
        let known =
            views().find(|view| dummies.get(*view).is_some_and(|has| !members.iter().all(|it| has.contains(it))));
        let Some(view) = known.or_else(|| views().find(|view| !dummies.contains_key(*view))) else { continue };
        dummies.entry(view.clone()).or_default().extend(members.iter().cloned());
        is_new = true;
    }
    is_new
}

/// Who makes an object, or takes it away, in whose statement.
fn leader<'a>(map: &'a BTreeMap<Id, Id>, id: &'a Id) -> &'a Id {
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
        self.same_names((from, to), fates, within);
        self.columns_in_order(to);
        self.identities(from, fates);
        self.privileges_first(if from.user.is_empty() { &to.user } else { &from.user });
        self.tables_first(to);
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
            let there = match fates.get(needed) {
                // What stays while its type is made anew is changed once that is there.
                Some(Fate::Recreate) if !fate.goes() && to.needs.get(id).is_some_and(|it| it.contains(needed)) => None,
                Some(Fate::Drop) if !fate.goes() && emit::is_left_behind(id, needed, fates, to) => None,
                Some(it) if it.goes() => self.find(leader(&within.gone_with, needed), Verb::Drop),
                Some(Fate::Alter { disturbs, .. }) if fate.goes() => {
                    // A column of a primary key is `not null` as long as that is there.
                    let holds = needed.kind == Kind::Column && matches!(id.kind, Kind::Constraint | Kind::Index);
                    let is_away = holds || !disturbs.is_empty() || id.kind == Kind::Default;
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
        if !needs(to, id, needed) && id.kind == Kind::Column {
            for part in inside(needed, from, to) {
                self.edge(here, self.find(&part, Verb::Alter));
                self.edge(here, self.find(&part, Verb::Create));
            }
        }
    }

    fn take(&mut self, id: &Id, needed: &Id, here: Option<usize>, (from, to): (&Catalog, &Catalog)) {
        if !needs(from, id, needed) && id.kind == Kind::Column {
            for part in inside(needed, to, from) {
                for verb in [Verb::Create, Verb::Alter, Verb::Drop] {
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

    /// The dummy of a view, where it has one.
    fn dummy(&self, id: &Id, verb: Verb) -> Option<usize> {
        self.dummies.get(&(id.clone(), verb))?;
        let verb = if verb == Verb::Drop { Verb::Alter } else { verb };
        self.index.get(&Node { id: id.clone(), verb, dummy: true }).copied()
    }

    /// What is done first with an object: a view's dummy, or what there is to do.
    fn first(&self, id: &Id, verb: Verb) -> Option<usize> {
        self.dummy(id, verb).or_else(|| self.find(id, verb))
    }

    /// What is done last: a view whose dummy was made is changed.
    fn verb(&self, id: &Id, verb: Verb) -> Verb {
        if verb == Verb::Create && self.dummies.contains_key(&(id.clone(), verb)) { Verb::Alter } else { verb }
    }

    /// The view with a dummy that an object is, or is a column of.
    fn dummy_view(&self, needed: &Id, maker: &Id, verb: Verb) -> Option<(Id, Verb)> {
        let made = (maker.clone(), verb);
        if self.dummies.contains_key(&made) {
            return Some(made);
        }
        let changed = (needed.beside(Kind::View, ""), Verb::Alter);
        (needed.kind == Kind::Column && self.dummies.contains_key(&changed)).then_some(changed)
    }

    /// Whether an object stands in a circle with a view, and makes do with its dummy.
    fn makes_do(&self, view: &(Id, Verb), id: &Id, verb: Verb) -> bool {
        self.dummies.get(view).is_some_and(|members| members.contains(&(id.clone(), verb)))
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

    /// A name is free only when its old owner is gone, perhaps with what it belonged to.
    fn same_names(&mut self, (from, to): (&Catalog, &Catalog), fates: &Fates, within: &Within) {
        let mut dropped: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
        for (id, _) in fates.iter().filter(|(_, fate)| fate.goes()) {
            let Some(at) = self.find(leader(&within.gone_with, id), Verb::Drop) else { continue };
            for key in names(id).into_iter().chain(taken_inside(id, from)) {
                dropped.entry(key).or_default().push(at);
            }
        }
        let changed = self.nodes.iter().enumerate().filter(|(_, node)| node.verb == Verb::Alter);
        for (at, node) in changed.filter(|(_, node)| node.id.kind == Kind::Column) {
            let kept = taken_inside(&node.id, to);
            for key in taken_inside(&node.id, from).into_iter().filter(|key| !kept.contains(key)) {
                dropped.entry(key).or_default().push(at);
            }
        }
        let mut edges = Vec::new();
        for (id, fate) in fates {
            let (maker, verb) = match fate {
                Fate::Create | Fate::Recreate => (leader(&within.made_with, id), Verb::Create),
                Fate::Alter { .. } => (id, Verb::Alter),
                Fate::Drop => continue,
            };
            let Some(at) = self.first(maker, verb) else { continue };
            let mut taken = if fate.comes() { names(id) } else { Vec::new() };
            taken.extend(taken_inside(id, to));
            edges.extend(taken.iter().filter_map(|key| dropped.get(key)).flatten().map(|&before| (before, at)));
        }
        for (before, at) in edges {
            self.edge(Some(before), Some(at));
        }
    }

    /// The name of an identity column's sequence is free only when the column no longer numbers itself.
    fn identities(&mut self, from: &Catalog, fates: &Fates) {
        for (id, fate) in fates.iter().filter(|(id, _)| id.kind == Kind::Sequence) {
            let Some(Object::Sequence(sequence)) = from.get(id).map(|entry| &entry.object) else { continue };
            if let Some((schema, table, column)) = &sequence.owned_by
                && sequence.of_identity
                && fate.comes()
            {
                let column = Id::part(Kind::Column, schema, table, column);
                self.edge(self.find(&column, Verb::Alter), self.find(id, Verb::Create));
            }
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

    /// Kahn's algorithm; among those that are free, the one with the lowest rank comes first.
    fn sort(&self, ranks: &Ranks<'_>) -> Order {
        let mut waits = vec![0_usize; self.nodes.len()];
        for &after in self.after.iter().flatten() {
            waits[after] += 1;
        }
        let rank = |at: usize| (ranks.of(&self.nodes[at]), at);
        let mut free: BTreeSet<(Rank, usize)> = (0..self.nodes.len()).filter(|&at| waits[at] == 0).map(rank).collect();
        let mut order = Order::default();
        let mut left: BTreeSet<usize> = (0..self.nodes.len()).collect();
        while !left.is_empty() {
            let Some((_, at)) = free.pop_first() else {
                let circle = self.circle(&left);
                // The one that the others can best do without for a while goes first.
                let Some(at) = circle.iter().copied().min_by_key(|&at| rank(at)) else { break };
                order.circles.push(circle.into_iter().map(|at| self.nodes[at].clone()).collect());
                waits[at] = 0;
                free.insert(rank(at));
                continue;
            };
            if !left.remove(&at) {
                continue;
            }
            order.nodes.push(self.nodes[at].clone());
            for &after in &self.after[at] {
                waits[after] = waits[after].saturating_sub(1);
                if waits[after] == 0 && left.contains(&after) {
                    free.insert(rank(after));
                }
            }
        }
        order
    }

    /// A circle among those that are left: whoever waits, waits for one of them.
    fn circle(&self, left: &BTreeSet<usize>) -> Vec<usize> {
        let before = |at: usize| left.iter().copied().find(|&other| self.after[other].contains(&at));
        let Some(&start) = left.first() else { return Vec::new() };
        let mut path = vec![start];
        loop {
            let Some(previous) = path.last().and_then(|&at| before(at)) else { return path };
            if let Some(at) = path.iter().position(|&seen| seen == previous) {
                return path.split_off(at);
            }
            path.push(previous);
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
        let order = order(&Catalog::default(), &to, &Fates::from(made), &Within::default());
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
