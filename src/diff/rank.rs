//! What is done first where no dependency tells.

use super::order::Node;
use super::step::Verb;
use crate::catalog::{Catalog, ConstraintType, Enabled, EventTrigger, Kind, Object};

/// What comes first where nothing decides: what only stands in the way goes first, what holds data goes last. Foreign keys
/// come last of all, when the partitions of what they refer to are attached and its index is therefore valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    phase: u8,
    kind: i16,
    /// The place of a column in its table, and of a parent among parents.
    place: u32,
}

/// The two states that ranks are taken from.
pub struct Ranks<'a> {
    /// The first.
    pub from: &'a Catalog,
    /// The other.
    pub to: &'a Catalog,
}

impl Ranks<'_> {
    /// The rank of what is done.
    pub fn of(&self, node: &Node) -> Rank {
        let kind = node.id.kind as i16;
        let state = if node.verb == Verb::Drop { self.from } else { self.to };
        let object = state.get(&node.id).map(|entry| &entry.object);
        let place = match object {
            Some(Object::Column(column)) => column.position,
            Some(Object::Inheritance(inheritance)) => inheritance.position,
            _ => 0,
        };
        let phase = match (node.verb, object) {
            // Event triggers fire at statements such as the plan's.
            (Verb::Drop, Some(Object::EventTrigger(_)))
            | (_, Some(Object::EventTrigger(EventTrigger { enabled: Enabled::Disabled, .. }))) => 0,
            (_, Some(Object::EventTrigger(_))) => 5,
            (Verb::Drop, _) if node.id.kind >= Kind::Default => 1,
            (Verb::Drop, _) => 3,
            (Verb::Create, Some(Object::Constraint(it))) if it.what == ConstraintType::Foreign => 4,
            _ => 2,
        };
        Rank { phase, kind: if node.verb == Verb::Drop { -kind } else { kind }, place }
    }
}
