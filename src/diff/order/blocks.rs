//! What has to be done at once: what is taken away to be made again, with all that stands between the two.

use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, Order, Within, leader};
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::diff::order::rank::{Rank, Ranks};
use crate::diff::step::Verb;

impl Graph {
    /// Brings together what has to be done at once, and says so: what goes comes back before anything else is done, and it
    /// goes as late as the rest allows.
    pub(super) fn gather(&self, order: &mut Order, at_once: &[&Id], within: &Within, ranks: &Ranks<'_>) {
        let blocks = self.circles_with(&self.returns(at_once, within));
        let places: Vec<usize> = order.nodes.iter().filter_map(|node| self.index.get(node).copied()).collect();
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &at in &places {
            members.entry(blocks[at]).or_default().push(at);
        }
        let rank = |block: usize| {
            let last = members.get(&block).into_iter().flatten().map(|&at| (ranks.of(&self.nodes[at]), at)).max();
            (last, block)
        };
        let mut after: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut waits: BTreeMap<usize, usize> = BTreeMap::new();
        for (first, seconds) in self.after.iter().enumerate() {
            for &second in seconds.iter().filter(|&&second| blocks[second] != blocks[first]) {
                if after.entry(blocks[first]).or_default().insert(blocks[second]) {
                    *waits.entry(blocks[second]).or_default() += 1;
                }
            }
        }
        let mut free: BTreeSet<(Option<(Rank, usize)>, usize)> =
            members.keys().filter(|block| !waits.contains_key(*block)).map(|&block| rank(block)).collect();
        let mut nodes = Vec::with_capacity(order.nodes.len());
        let mut numbers = Vec::with_capacity(order.nodes.len());
        while let Some((_, block)) = free.pop_first() {
            let inside = members.get(&block).map_or(&[][..], Vec::as_slice);
            nodes.extend(inside.iter().map(|&at| self.nodes[at].clone()));
            numbers.extend(inside.iter().map(|_| (inside.len() > 1).then_some(block)));
            for &second in after.get(&block).into_iter().flatten() {
                if let Some(left) = waits.get_mut(&second) {
                    *left -= 1;
                    if *left == 0 {
                        free.insert(rank(second));
                    }
                }
            }
        }
        order.nodes = nodes;
        order.blocks = numbers;
    }

    /// A foreign key is made when the keys of the table that it refers to are what they are to be: it would take hold of one
    /// that goes.
    pub(super) fn keys_first(&mut self, from: &Catalog, to: &Catalog) {
        let mut keys: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        let mut foreign = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let state = if node.verb == Verb::Drop { from } else { to };
            match state.get(&node.id).map(|entry| &entry.object) {
                Some(Object::Constraint(it)) if it.what.has_index() => {
                    keys.entry((&node.id.schema, &node.id.name)).or_default().push(at);
                }
                Some(Object::Index(it)) if it.unique => {
                    keys.entry((&node.id.schema, &it.table)).or_default().push(at);
                }
                Some(Object::Constraint(it)) if node.verb == Verb::Create => {
                    foreign
                        .extend(it.references.as_ref().map(|(schema, table)| ((schema.as_str(), table.as_str()), at)));
                }
                _ => {}
            }
        }
        for (table, at) in foreign {
            for &key in keys.get(&table).into_iter().flatten() {
                self.after[key].insert(at);
            }
        }
    }

    /// Partitions that go for a while go before one of the same table comes back, whose bound may be theirs in part.
    pub(super) fn bounds_free(&mut self, from: &Catalog, to: &Catalog, at_once: &[&Id]) {
        let mut ends: BTreeMap<Id, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for &id in at_once {
            for (state, verb) in [(from, Verb::Drop), (to, Verb::Create)] {
                let Some(Object::Inheritance(it)) = state.get(id).map(|entry| &entry.object) else { continue };
                let (gone, made) = ends.entry(it.parent_id()).or_default();
                if verb == Verb::Drop { gone } else { made }.extend(self.find(id, verb));
            }
        }
        for (gone, made) in ends.values() {
            for &gone in gone {
                self.after[gone].extend(made);
            }
        }
    }

    /// From where each of these comes back to where it goes, and between columns and their defaults: one without what gives
    /// it its values is nobody's.
    fn returns(&self, at_once: &[&Id], within: &Within) -> Vec<(usize, usize)> {
        let ends = at_once.iter().filter_map(|id| {
            let made = leader(&within.made_with, id);
            let comes = self.find(made, self.verb(made, Verb::Create))?;
            let goes = self.first(leader(&within.gone_with, id), Verb::Drop)?;
            Some((goes, comes))
        });
        let defaults = self.nodes.iter().enumerate().filter(|(_, node)| node.id.kind == Kind::Default);
        let given = defaults
            .filter_map(|(at, node)| Some((at, self.find(&node.id.beside(Kind::Column, &node.id.part), Verb::Alter)?)));
        ends.chain(given).flat_map(|(first, second)| [(first, second), (second, first)]).collect()
    }

    /// The number of each node's circle, of those that the graph has with some edges more (Kosaraju's algorithm).
    fn circles_with(&self, more: &[(usize, usize)]) -> Vec<usize> {
        let mut ahead: Vec<Vec<usize>> = self.after.iter().map(|after| after.iter().copied().collect()).collect();
        for &(first, second) in more {
            ahead[first].push(second);
        }
        let mut back: Vec<Vec<usize>> = vec![Vec::new(); ahead.len()];
        for (first, seconds) in ahead.iter().enumerate() {
            for &second in seconds {
                back[second].push(first);
            }
        }
        let mut seen = vec![false; ahead.len()];
        let mut finished = Vec::with_capacity(ahead.len());
        for start in 0..ahead.len() {
            visit(&ahead, start, &mut seen, &mut finished);
        }
        let mut circles: Vec<usize> = vec![0; ahead.len()];
        let mut seen = vec![false; ahead.len()];
        for &start in finished.iter().rev() {
            let mut circle = Vec::new();
            visit(&back, start, &mut seen, &mut circle);
            for at in circle {
                circles[at] = start;
            }
        }
        circles
    }
}

/// Adds the nodes that are reached from one and were not seen before, each behind those that it leads to.
fn visit(edges: &[Vec<usize>], start: usize, seen: &mut [bool], finished: &mut Vec<usize>) {
    if std::mem::replace(&mut seen[start], true) {
        return;
    }
    let mut path = vec![(start, 0)];
    while let Some((at, next)) = path.last_mut() {
        if let Some(&second) = edges[*at].get(*next) {
            *next += 1;
            if !std::mem::replace(&mut seen[second], true) {
                path.push((second, 0));
            }
        } else {
            finished.push(*at);
            path.pop();
        }
    }
}
