//! The order of a plan: what is needed comes before what needs it, in both states.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Fate, Fates};
use super::overload;
use super::step::Verb;
use crate::catalog::{Catalog, Column, Enabled, EventTrigger, Id, Kind, Object, Space};

/// What is done with one object at one point of the plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// The object.
    pub id: Id,
    /// What is done.
    pub verb: Verb,
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

/// Orders what becomes of the objects.
pub fn order(from: &Catalog, to: &Catalog, fates: &Fates, within: &Within) -> Order {
    let mut graph = Graph::default();
    for (id, fate) in fates {
        if fate.goes() && !within.gone_with.contains_key(id) {
            graph.add(id, Verb::Drop);
        }
        if matches!(fate, Fate::Alter { .. }) {
            graph.add(id, Verb::Alter);
        }
        if fate.comes() && !within.made_with.contains_key(id) {
            graph.add(id, Verb::Create);
        }
    }
    let leader = |map: &BTreeMap<Id, Id>, id: &Id| {
        let mut leader = id.clone();
        while let Some(next) = map.get(&leader) {
            leader = next.clone();
        }
        leader
    };
    for (id, fate) in fates {
        if !matches!(fate, Fate::Drop) {
            // Made or changed once what it needs is there, and has become what it is to be.
            let here = if fate.comes() {
                graph.find(&leader(&within.made_with, id), Verb::Create)
            } else {
                graph.find(id, Verb::Alter)
            };
            for needed in to.needs.get(id).into_iter().flatten() {
                let there = match fates.get(needed) {
                    Some(fate) if fate.comes() => graph.find(&leader(&within.made_with, needed), Verb::Create),
                    Some(Fate::Alter { .. }) => graph.find(needed, Verb::Alter),
                    _ => None,
                };
                graph.edge(there, here);
            }
        }
        if !matches!(fate, Fate::Create) {
            // Taken away or changed before what it needed goes.
            let here = if fate.goes() {
                graph.find(&leader(&within.gone_with, id), Verb::Drop)
            } else {
                graph.find(id, Verb::Alter)
            };
            for needed in from.needs.get(id).into_iter().flatten() {
                let there = match fates.get(needed) {
                    Some(it) if it.goes() => graph.find(&leader(&within.gone_with, needed), Verb::Drop),
                    Some(Fate::Alter { disturbs, .. }) if fate.goes() && disturbs.contains(&id.kind) => {
                        graph.find(needed, Verb::Alter)
                    }
                    _ => None,
                };
                graph.edge(here, there);
            }
        }
    }
    for (id, _) in fates.iter().filter(|(_, fate)| fate.goes()) {
        for rival in overload::rivals(id, from, to) {
            let there = graph.find(rival, Verb::Create).or_else(|| graph.find(rival, Verb::Alter));
            graph.edge(graph.find(id, Verb::Drop), there);
        }
    }
    graph.same_names(to);
    graph.sort(to)
}

#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    index: BTreeMap<(Id, Verb), usize>,
    /// Who comes directly after each node.
    after: Vec<BTreeSet<usize>>,
}

impl Graph {
    fn add(&mut self, id: &Id, verb: Verb) {
        self.index.insert((id.clone(), verb), self.nodes.len());
        self.nodes.push(Node { id: id.clone(), verb });
        self.after.push(BTreeSet::new());
    }

    fn find(&self, id: &Id, verb: Verb) -> Option<usize> {
        self.index.get(&(id.clone(), verb)).copied()
    }

    fn edge(&mut self, first: Option<usize>, second: Option<usize>) {
        if let (Some(first), Some(second)) = (first, second)
            && first != second
        {
            self.after[first].insert(second);
        }
    }

    /// A name is free only when its old owner is gone.
    fn same_names(&mut self, to: &Catalog) {
        let mut dropped: BTreeMap<(Space, String, String, String), Vec<usize>> = BTreeMap::new();
        for (at, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.verb == Verb::Drop) {
            for key in names(&node.id) {
                dropped.entry(key).or_default().push(at);
            }
        }
        let mut edges = Vec::new();
        for (at, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.verb != Verb::Drop) {
            let mut taken = if node.verb == Verb::Create { names(&node.id) } else { Vec::new() };
            taken.extend(taken_inside(&node.id, to));
            edges.extend(taken.iter().filter_map(|key| dropped.get(key)).flatten().map(|&before| (before, at)));
        }
        for (before, at) in edges {
            self.edge(Some(before), Some(at));
        }
    }

    /// Kahn's algorithm; among those that are free, the one with the lowest rank comes first.
    fn sort(self, to: &Catalog) -> Order {
        let mut waits = vec![0_usize; self.nodes.len()];
        for &after in self.after.iter().flatten() {
            waits[after] += 1;
        }
        let rank = |at: usize| (Rank::of(&self.nodes[at], to), at);
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

/// The names that an object takes in their spaces.
fn names(id: &Id) -> Vec<(Space, String, String, String)> {
    let key = |space| (space, id.schema.clone(), id.name.clone(), id.part.clone());
    match id.kind.space() {
        // A relation's row type, and a composite type's relation.
        Space::Relation if id.kind != Kind::Index => vec![key(Space::Relation), key(Space::Type)],
        Space::Type if id.kind == Kind::Composite => vec![key(Space::Relation), key(Space::Type)],
        space => vec![key(space)],
    }
}

/// The names of what stands inside: the sequence of an identity column.
fn taken_inside(id: &Id, to: &Catalog) -> Option<(Space, String, String, String)> {
    match &to.get(id)?.object {
        Object::Column(Column { identity: Some(identity), .. }) => {
            let (schema, name) = identity.sequence.clone();
            Some((Space::Relation, schema, name, String::new()))
        }
        _ => None,
    }
}

/// What comes first where nothing decides: what only stands in the way goes first, what holds data goes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    phase: u8,
    kind: i16,
}

impl Rank {
    fn of(node: &Node, to: &Catalog) -> Self {
        let kind = node.id.kind as i16;
        let phase = match node.verb {
            // Event triggers fire at statements such as the plan's.
            _ if node.id.kind == Kind::EventTrigger => match to.get(&node.id).map(|entry| &entry.object) {
                Some(Object::EventTrigger(EventTrigger { enabled: Enabled::Disabled, .. })) => 0,
                _ if node.verb == Verb::Drop => 0,
                _ => 4,
            },
            Verb::Drop if node.id.kind >= Kind::Default => 1,
            Verb::Alter | Verb::Create => 2,
            Verb::Drop => 3,
        };
        Self { phase, kind: if node.verb == Verb::Drop { -kind } else { kind } }
    }
}
