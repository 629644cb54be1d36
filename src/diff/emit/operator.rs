//! Operators.

use super::{Alter, Cx, plain_drop};
use crate::catalog::{Catalog, Id, Object, Operator, OperatorLink};
use crate::diff::step::Step;
use crate::text::bare_ident;

/// `operator(schema.name)`, as clauses call another operator.
fn reference(link: &OperatorLink) -> String {
    format!("operator({}.{})", bare_ident(&link.schema), link.name)
}

/// The two ways in which operators refer to each other.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Commutator,
    Negator,
}

impl Way {
    fn of(self, it: &Operator) -> Option<&OperatorLink> {
        match self {
            Self::Commutator => it.commutator.as_ref(),
            Self::Negator => it.negator.as_ref(),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Commutator => "commutator",
            Self::Negator => "negator",
        }
    }

    /// The operator that a link means.
    fn id(self, it: &Operator, link: &OperatorLink) -> Id {
        match self {
            Self::Commutator => it.commutator(link),
            Self::Negator => it.negator(link),
        }
    }
}

pub(super) fn create(it: &Operator, cx: &Cx<'_>) -> Vec<Step> {
    let mut clauses = vec![format!("function = {}", it.function)];
    clauses.extend(it.left.as_ref().map(|left| format!("leftarg = {left}")));
    clauses.push(format!("rightarg = {}", it.right));
    for way in [Way::Commutator, Way::Negator] {
        clauses.extend(way.of(it).map(|link| format!("{} = {}", way.word(), reference(link))));
    }
    clauses.extend(it.restrict.as_ref().map(|function| format!("restrict = {function}")));
    clauses.extend(it.join.as_ref().map(|function| format!("join = {function}")));
    clauses.extend(it.hashes.then(|| "hashes".to_owned()));
    clauses.extend(it.merges.then(|| "merges".to_owned()));
    let name = format!("{}.{}", bare_ident(&cx.id.schema), cx.id.name);
    vec![Step::create(cx.id, format!("create operator {name} ({})", clauses.join(", ")))]
}

pub(super) fn drop(it: &Operator, cx: &Cx<'_>) -> Vec<Step> {
    let mut steps = vec![plain_drop(cx)];
    // What was only referred to stays behind, and would keep its schema and its types from going.
    let shells = it.shells().into_iter().filter(|id| !cx.to.entries.contains_key(id));
    steps.extend(shells.map(|id| Step::drop(cx.id, format!("drop operator if exists {}", id.address()))));
    steps
}

pub(super) fn alter(old: &Operator, new: &Operator, cx: &Cx<'_>) -> Alter {
    if needs_new(old, new, cx) {
        return Alter::recreate();
    }
    let mut clauses = Vec::new();
    let function = |name: Option<&String>| name.map_or_else(|| "none".to_owned(), Clone::clone);
    if old.restrict != new.restrict {
        clauses.push(format!("restrict = {}", function(new.restrict.as_ref())));
    }
    if old.join != new.join {
        clauses.push(format!("join = {}", function(new.join.as_ref())));
    }
    for way in [Way::Commutator, Way::Negator] {
        match link_change(way, old, new, cx) {
            LinkChange::Itself => {}
            LinkChange::Set(link) => clauses.push(format!("{} = {}", way.word(), reference(link))),
            LinkChange::Recreate => return Alter::recreate(),
        }
    }
    if new.hashes && !old.hashes {
        clauses.push("hashes".to_owned());
    }
    if new.merges && !old.merges {
        clauses.push("merges".to_owned());
    }
    if clauses.is_empty() {
        return Alter::default();
    }
    let sql = format!("alter operator {} set ({})", cx.id.address(), clauses.join(", "));
    Alter::in_place(vec![Step::alter(cx.id, sql)])
}

/// Whether an operator has to be made again for what is its own. From PostgreSQL 17 on it can be given more, but nothing
/// can be taken back: <https://www.postgresql.org/docs/18/sql-alteroperator.html>.
fn needs_new(old: &Operator, new: &Operator, cx: &Cx<'_>) -> bool {
    let (hashes, merges) = (old.hashes != new.hashes, old.merges != new.merges);
    old.function != new.function
        || hashes && (old.hashes || cx.to.version < 17)
        || merges && (old.merges || cx.to.version < 17)
}

/// What a change of a link asks of an operator.
enum LinkChange<'a> {
    /// Nothing: it comes and goes with the other operator.
    Itself,
    /// It can be set.
    Set(&'a OperatorLink),
    /// The operator has to be made again.
    Recreate,
}

/// An operator that is made sets the link of the one that it refers to, where that has none; one that goes unsets it.
fn link_change<'a>(way: Way, old: &Operator, new: &'a Operator, cx: &Cx<'_>) -> LinkChange<'a> {
    let (before, after) = (way.of(old), way.of(new));
    if before == after {
        return LinkChange::Itself;
    }
    // The other operator where it goes, or is made again for itself.
    let goes = |id: &Id| match (cx.from.get(id).map(|it| &it.object), cx.to.get(id).map(|it| &it.object)) {
        (Some(Object::Operator(old)), Some(Object::Operator(new))) => needs_new(old, new, cx),
        _ => true,
    };
    let is_there = |id: &Id| cx.to.entries.contains_key(id);
    match (before, after) {
        (Some(before), Some(after)) if (&before.schema, &before.name) == (&after.schema, &after.name) => {
            // What was only referred to is made now; or only the reference is to stay.
            if before.shell { LinkChange::Itself } else { LinkChange::Recreate }
        }
        (Some(before), None) => {
            let other = way.id(old, before);
            let is_real = cx.from.entries.contains_key(&other);
            // Of two that let go of each other one is made again.
            if is_real && (goes(&other) || other < *cx.id && !still_refers(way, &other, cx)) {
                LinkChange::Itself
            } else {
                LinkChange::Recreate
            }
        }
        (None, Some(after)) => {
            let other = way.id(new, after);
            if is_there(&other) && goes(&other) {
                return LinkChange::Itself;
            }
            if is_there(&other) && other < *cx.id {
                // The other one does it for both.
                return LinkChange::Itself;
            }
            if cx.to.version >= 17 { LinkChange::Set(after) } else { LinkChange::Recreate }
        }
        _ => LinkChange::Recreate,
    }
}

/// Whether the other operator keeps its link as it is, so that it does nothing about it.
fn still_refers(way: Way, other: &Id, cx: &Cx<'_>) -> bool {
    let link = |catalog: &Catalog| match catalog.get(other).map(|it| &it.object) {
        Some(Object::Operator(it)) => way.of(it).cloned(),
        _ => None,
    };
    link(cx.from) == link(cx.to)
}
