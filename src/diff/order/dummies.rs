//! Dummies of views, which break circles.

use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, Node};
use crate::catalog::{Id, Kind};
use crate::diff::step::Verb;

/// The views that stand in a circle, by what is done with them, and who stands in it with them.
///
/// A function that gives a view's rows may stand in the view's own query. A dummy with the view's columns breaks the
/// circle: those in it make do with the dummy, and everybody else waits for the view.
pub(super) type Dummies = BTreeMap<(Id, Verb), BTreeSet<(Id, Verb)>>;

/// Whether a dummy more, or another object that makes do with one, may break a circle.
pub(super) fn break_circles(circles: &[Vec<Node>], dummies: &mut Dummies) -> bool {
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

impl Graph {
    /// The dummy of a view, where it has one.
    pub(super) fn dummy(&self, id: &Id, verb: Verb) -> Option<usize> {
        self.dummies.get(&(id.clone(), verb))?;
        let verb = if verb == Verb::Drop { Verb::Alter } else { verb };
        self.index.get(&Node { id: id.clone(), verb, dummy: true }).copied()
    }

    /// What is done first with an object: a view's dummy, or what there is to do.
    pub(super) fn first(&self, id: &Id, verb: Verb) -> Option<usize> {
        self.dummy(id, verb).or_else(|| self.find(id, verb))
    }

    /// What is done last: a view whose dummy was made is changed.
    pub(super) fn verb(&self, id: &Id, verb: Verb) -> Verb {
        if verb == Verb::Create && self.dummies.contains_key(&(id.clone(), verb)) { Verb::Alter } else { verb }
    }

    /// The view with a dummy that an object is, or is a column of.
    pub(super) fn dummy_view(&self, needed: &Id, maker: &Id, verb: Verb) -> Option<(Id, Verb)> {
        let made = (maker.clone(), verb);
        if self.dummies.contains_key(&made) {
            return Some(made);
        }
        let changed = (needed.beside(Kind::View, ""), Verb::Alter);
        (needed.kind == Kind::Column && self.dummies.contains_key(&changed)).then_some(changed)
    }

    /// Whether an object stands in a circle with a view, and makes do with its dummy.
    pub(super) fn makes_do(&self, view: &(Id, Verb), id: &Id, verb: Verb) -> bool {
        self.dummies.get(view).is_some_and(|members| members.contains(&(id.clone(), verb)))
    }
}
