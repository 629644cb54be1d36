//! A graph's nodes one behind the other, and its circles.

use std::collections::BTreeSet;

use super::rank::{Rank, Ranks};
use super::{Graph, Order};

impl Graph {
    /// Kahn's algorithm; among those that are free, the one with the lowest rank comes first.
    pub(super) fn sort(&self, ranks: &Ranks<'_>) -> Order {
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
    pub(super) fn circle(&self, left: &BTreeSet<usize>) -> Vec<usize> {
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
