//! What becomes of each object: it stays, is made, changed, taken away, or taken away and made again.

use std::collections::{BTreeMap, VecDeque};

use super::emit::{self, Cx};
use super::overload;
use super::step::Step;
use crate::catalog::{Catalog, Column, Entry, Id, Kind, Object};

/// What becomes of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is made.
    Create,
    /// It is changed in place.
    Alter {
        /// The statements, those for owner, privileges and comment included.
        steps: Vec<Step>,
        /// The kinds of objects that need it and stand in the way meanwhile.
        disturbs: &'static [Kind],
    },
    /// It is taken away.
    Drop,
    /// It is taken away and made again.
    Recreate,
}

impl Fate {
    /// Whether the object is taken away, for good or for a while.
    pub fn goes(&self) -> bool {
        matches!(self, Self::Drop | Self::Recreate)
    }

    /// Whether the object is made, for the first time or again.
    pub fn comes(&self) -> bool {
        matches!(self, Self::Create | Self::Recreate)
    }
}

/// What becomes of each object that does not stay as it is.
pub type Fates = BTreeMap<Id, Fate>;

/// Compares two states.
pub fn compare(from: &Catalog, to: &Catalog) -> Fates {
    let mut fates = Fates::new();
    for (id, entry) in &to.entries {
        match from.entries.get(id) {
            None => {
                fates.insert(id.clone(), Fate::Create);
            }
            Some(old) if old != entry => {
                if let Some(fate) = changed(id, old, entry, from, to) {
                    fates.insert(id.clone(), fate);
                }
            }
            Some(_) => {}
        }
    }
    for id in from.entries.keys().filter(|id| !to.entries.contains_key(id)) {
        fates.insert(id.clone(), Fate::Drop);
    }
    spread(from, to, &mut fates);
    fates
}

fn changed(id: &Id, old: &Entry, new: &Entry, from: &Catalog, to: &Catalog) -> Option<Fate> {
    let cx = Cx { id, entry: new, from, to };
    let mut alter = emit::Alter::default();
    if old.object != new.object {
        alter = emit::alter(&old.object, &cx);
        if alter.recreate {
            return Some(Fate::Recreate);
        }
    }
    alter.steps.extend(emit::change_facets(old, &cx));
    // What differs only in what no statement can change, such as the place of a column, is no change.
    (!alter.steps.is_empty()).then_some(Fate::Alter { steps: alter.steps, disturbs: alter.disturbs })
}

/// What goes, or is changed in a way that disturbs, takes with it what needs it; that is made again where it is to stay.
fn spread(from: &Catalog, to: &Catalog, fates: &mut Fates) {
    let dependants = from.dependants();
    let mut queue: VecDeque<Id> = fates.keys().cloned().collect();
    while let Some(id) = queue.pop_front() {
        let Some(fate) = fates.get(&id) else { continue };
        let disturbs: Option<&[Kind]> = match fate {
            Fate::Create => continue,
            Fate::Alter { disturbs, .. } if disturbs.is_empty() => continue,
            Fate::Alter { disturbs, .. } => Some(disturbs),
            Fate::Drop | Fate::Recreate => None,
        };
        let is_dropped = *fate == Fate::Drop;
        // While one is there that a call may mean as well, nothing can change from one to the other in place.
        let has_rival = fate.goes() && overload::rivals(&id, from, to).any(|rival| fates.contains_key(rival));
        for dependant in dependants.get(&id).into_iter().flatten().copied() {
            if disturbs.is_some_and(|kinds| !kinds.contains(&dependant.kind)) || !to.entries.contains_key(dependant) {
                continue;
            }
            match fates.get(dependant) {
                Some(fate) if fate.goes() => continue,
                // Changed in place it may let go of what is dropped.
                Some(Fate::Alter { .. }) if is_dropped && !has_rival && !still_needs(to, dependant, &id) => continue,
                _ => {}
            }
            // A table, a column or a sequence holds data: what is in its way changes it in place, or goes with it.
            let holds_data = match dependant.kind {
                Kind::Column => !is_generated(from, dependant) || !is_generated(to, dependant),
                kind => matches!(kind, Kind::Table | Kind::Sequence),
            };
            if holds_data && (&dependant.schema, &dependant.name) != (&id.schema, &id.name) {
                continue;
            }
            fates.insert(dependant.clone(), Fate::Recreate);
            queue.push_back(dependant.clone());
        }
    }
}

/// Whether a column is computed, so that its values can be made again.
fn is_generated(catalog: &Catalog, id: &Id) -> bool {
    matches!(catalog.get(id).map(|entry| &entry.object), Some(Object::Column(Column { generated: Some(_), .. })))
}

fn still_needs(to: &Catalog, dependant: &Id, id: &Id) -> bool {
    to.needs.get(dependant).is_some_and(|needs| needs.contains(id))
}
