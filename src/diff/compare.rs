//! What becomes of each object: it stays, is made, changed, taken away, or taken away and made again.

use std::collections::{BTreeMap, VecDeque};

use super::emit::{self, Cx};
use super::overload;
use super::step::Step;
use crate::catalog::{Catalog, Column, ConstraintType, Entry, Id, Kind, Object};

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

/// What a plan minds beside what always counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether objects get the owners they have in the other state. Else each keeps its own, also where it is made again,
    /// and a new one belongs to whoever applies the plan.
    pub owners: bool,
    /// Whether tables that hold data already are changed in the form that keeps their users waiting least, though it takes
    /// more statements and transactions.
    pub online: bool,
    /// Whether what holds data stays, though it is not wanted any longer.
    pub no_drop: bool,
}

/// Compares two states.
pub fn compare(from: &Catalog, to: &Catalog, options: Options) -> Fates {
    let none = Fates::new();
    let mut fates = Fates::new();
    for (id, entry) in &to.entries {
        match from.entries.get(id) {
            None => {
                fates.insert(id.clone(), Fate::Create);
            }
            // Whoever loses a privilege on a table loses it on its columns too.
            Some(old) if old != entry || id.kind == Kind::Column && !entry.acl.is_empty() => {
                if let Some(fate) = changed(
                    old,
                    &Cx { id, entry, from, to, fates: &none, owners: options.owners, online: options.online },
                ) {
                    fates.insert(id.clone(), fate);
                }
            }
            Some(_) => {}
        }
    }
    for id in from.entries.keys().filter(|id| !to.entries.contains_key(id)) {
        fates.insert(id.clone(), Fate::Drop);
    }
    spread(from, to, &mut fates, options);
    fates
}

fn changed(old: &Entry, cx: &Cx<'_>) -> Option<Fate> {
    let mut alter = emit::Alter::default();
    if old.object != cx.entry.object {
        alter = emit::alter(&old.object, cx);
        if alter.recreate {
            return Some(Fate::Recreate);
        }
    }
    if emit::owned_first(old) {
        alter.steps.splice(0..0, emit::change_owner(old, cx));
    }
    alter.steps.extend(emit::change_facets(old, cx));
    // What differs only in what no statement can change, such as the place of a column, is no change.
    let is_changed = !alter.steps.is_empty() || !alter.disturbs.is_empty();
    is_changed.then_some(Fate::Alter { steps: alter.steps, disturbs: alter.disturbs })
}

/// A column that is changed to the type which takes the name of its own.
fn converted(id: &Id, from: &Catalog, to: &Catalog, options: Options) -> Option<Fate> {
    let (old, entry) = (from.get(id)?, to.get(id)?);
    let fates = Fates::new();
    let cx = Cx { id, entry, from, to, fates: &fates, owners: options.owners, online: options.online };
    let mut alter = emit::convert(&old.object, &cx);
    if alter.recreate {
        return Some(Fate::Recreate);
    }
    alter.steps.extend(emit::change_facets(old, &cx));
    let is_changed = !alter.steps.is_empty() || !alter.disturbs.is_empty();
    is_changed.then_some(Fate::Alter { steps: alter.steps, disturbs: alter.disturbs })
}

/// Whether it is no constraint, or one that compares a column with another table's: the server makes the others fit.
fn is_foreign_or_none(catalog: &Catalog, id: &Id) -> bool {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Constraint(constraint)) => constraint.what == ConstraintType::Foreign,
        _ => true,
    }
}

/// What goes, or is changed in a way that disturbs, takes with it what needs it; that is made again where it is to stay.
fn spread(from: &Catalog, to: &Catalog, fates: &mut Fates, options: Options) {
    let dependants = from.dependants();
    let mut queue: VecDeque<Id> = fates.keys().cloned().collect();
    while let Some(id) = queue.pop_front() {
        let Some(fate) = fates.get(&id) else { continue };
        let disturbs: Option<&[Kind]> = match fate {
            Fate::Create | Fate::Alter { disturbs: [], .. } => continue,
            Fate::Alter { disturbs, .. } => Some(disturbs),
            Fate::Drop | Fate::Recreate => None,
        };
        let is_dropped = *fate == Fate::Drop;
        // A relation takes its columns with it, with all that they have.
        let columns = (id.part.is_empty() && disturbs.is_none()).then(|| from.parts(&id, Kind::Column));
        let columns = columns.into_iter().flatten().map(|(column, _)| column);
        let needing = dependants.get(&id).into_iter().flatten().copied();
        let needing = needing.map(|dependant| view_of(dependant, &id, from).unwrap_or(dependant));
        // While one is there that a call may mean as well, nothing can change from one to the other in place.
        let has_rival = fate.goes() && overload::rivals(&id, from, to).any(|rival| fates.contains_key(rival));
        for dependant in needing.chain(columns) {
            if disturbs.is_some_and(|kinds| !kinds.contains(&dependant.kind)) || !to.entries.contains_key(dependant) {
                continue;
            }
            match fates.get(dependant) {
                Some(fate) if fate.goes() => continue,
                _ if is_let_go(from, to, fates, dependant) => continue,
                // Changed in place it may let go of what is dropped.
                Some(Fate::Alter { .. }) if is_dropped && !has_rival && !still_needs(to, dependant, &id) => continue,
                _ => {}
            }
            // A table, a column or a sequence holds data: what is in its way changes it in place, or goes with it.
            let holds_data = match dependant.kind {
                Kind::Column => !is_generated(from, dependant) || !is_generated(to, dependant),
                kind => matches!(kind, Kind::Table | Kind::Sequence),
            };
            // The sequence of an identity column goes with it.
            let is_inner = dependant.kind == Kind::Sequence && id.kind == Kind::Column;
            if holds_data && !is_inner && (&dependant.schema, &dependant.name) != (&id.schema, &id.name) {
                if emit::is_left_behind(dependant, &id, fates, to)
                    && let Some(fate) = converted(dependant, from, to, options)
                    && fates.get(dependant) != Some(&fate)
                {
                    fates.insert(dependant.clone(), fate);
                    queue.push_back(dependant.clone());
                }
                continue;
            }
            // What compares with what it compared with before can stay.
            if disturbs.is_some() && id.kind == Kind::Column && !is_foreign_or_none(from, dependant) {
                continue;
            }
            fates.insert(dependant.clone(), Fate::Recreate);
            queue.push_back(dependant.clone());
        }
    }
}

/// The view of a column that needs what is not of its view: a column's type, say. The column is only what the view makes it.
fn view_of<'a>(dependant: &Id, needed: &Id, from: &'a Catalog) -> Option<&'a Id> {
    if dependant.kind != Kind::Column || (&dependant.schema, &dependant.name) == (&needed.schema, &needed.name) {
        return None;
    }
    let views = [Kind::View, Kind::MaterializedView].map(|kind| dependant.beside(kind, ""));
    views.iter().find_map(|view| from.entries.get_key_value(view)).map(|(view, _)| view)
}

/// Whether a column is computed, so that its values can be made again.
fn is_generated(catalog: &Catalog, id: &Id) -> bool {
    matches!(catalog.get(id).map(|entry| &entry.object), Some(Object::Column(Column { generated: Some(_), .. })))
}

/// Whether an index or a constraint of a partition stays although that of the partitioned table goes: the partition is
/// detached first.
fn is_let_go(from: &Catalog, to: &Catalog, fates: &Fates, id: &Id) -> bool {
    let table = match from.get(id).map(|entry| &entry.object) {
        Some(Object::Index(index)) if index.partition_of.is_some() => Id::new(Kind::Table, &id.schema, &index.table),
        Some(Object::Constraint(constraint)) if constraint.of_parent.is_some() => id.beside(Kind::Table, ""),
        _ => return false,
    };
    let is_gone = |id: &Id| from.get(id) != to.get(id) || fates.get(id).is_some_and(Fate::goes);
    !fates.get(&table).is_some_and(Fate::goes) && from.parents(&table).iter().any(|(id, _)| is_gone(id))
}

fn still_needs(to: &Catalog, dependant: &Id, id: &Id) -> bool {
    to.needs.get(dependant).is_some_and(|needs| needs.contains(id))
}
