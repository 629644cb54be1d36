//! What becomes of each object: it stays, is made, changed, taken away, or taken away and made again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::emit::{self, Cx, Frame};
use super::overload;
use super::partial::whole;
use super::plan::parent;
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
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Options {
    /// Whether objects get the owners they have in the other state. Else each keeps its own, also where it is made again,
    /// and a new one belongs to whoever applies the plan.
    pub owners: bool,
    /// Whether tables that hold data already are changed in the form that keeps their users waiting least, though it takes
    /// more statements and transactions.
    pub online: bool,
    /// Whether what holds data stays, though it is not wanted any longer.
    pub no_drop: bool,
    /// Whether rows that are there get a stand-in in a column that is made without values and may not be null: where the
    /// values are lost anyway, the schema comes back all the same.
    pub stand_ins: bool,
}

impl Options {
    /// All of the way by its shortest form, as a shadow database goes it, and the way back.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { owners: self.owners, stand_ins: self.stand_ins, ..Self::default() }
    }
}

/// Compares two states.
pub fn compare(from: &Catalog, to: &Catalog, options: Options) -> Fates {
    let mut known = Fates::new();
    loop {
        let fates = compare_knowing(from, to, &known, options);
        let anew = rekeyed(from, to, &fates).chain(contained(from, to, &fates)).chain(parted(from, to, &fates));
        let anew: Vec<Id> = anew.collect();
        if anew.is_empty() {
            return fates;
        }
        known.extend(anew.into_iter().map(|table| (table, Fate::Recreate)));
    }
}

/// Partitioned tables that stay although a column of their key changes its type, which PostgreSQL refuses: such a table is
/// made anew, while its partitions, which hold the rows, are detached and change theirs.
fn rekeyed<'a>(from: &'a Catalog, to: &'a Catalog, fates: &'a Fates) -> impl Iterator<Item = Id> + 'a {
    fates.iter().filter_map(|(id, fate)| {
        let is_retyped = id.kind == Kind::Column && matches!(fate, Fate::Alter { disturbs: [_, ..], .. });
        let table = is_retyped.then(|| id.beside(Kind::Table, ""))?;
        let Some(Object::Table(it)) = from.get(&table).map(|entry| &entry.object) else { return None };
        let stays = to.entries.contains_key(&table) && !fates.get(&table).is_some_and(Fate::goes);
        (stays && it.key_columns.contains(&id.part)).then_some(table)
    })
}

/// Indexes of partitioned tables that are to do without that of a partition which stays one: no statement lets go of it.
fn parted<'a>(from: &'a Catalog, to: &'a Catalog, fates: &'a Fates) -> impl Iterator<Item = Id> + 'a {
    fates.keys().filter(|id| matches!(id.kind, Kind::Index | Kind::Constraint)).filter_map(move |id| {
        let above = whole(from, id).filter(|above| whole(to, id).as_ref() != Some(above))?;
        let stays = |id: &Id| from.get(id).is_some() && to.get(id).is_some() && !fates.get(id).is_some_and(Fate::goes);
        let table = parent(from, id)?;
        let of = parent(from, &above)?;
        let mut ties = from.parents(&table).into_iter().filter(|(_, it)| it.parent_id() == of);
        let is_tied = ties.any(|(tie, _)| stays(tie)) && stays(&table) && stays(&of);
        // What only has another name there is called otherwise.
        let is_renamed = || {
            to.entries.keys().any(|other| {
                other.kind == id.kind
                    && whole(to, other).as_ref() == Some(&above)
                    && parent(to, other).as_ref() == Some(&table)
            })
        };
        (is_tied && stays(&above) && !is_renamed()).then_some(above)
    })
}

/// Domains that are to hold something more although arrays or rows of them are stored, which PostgreSQL refuses: such a
/// domain is made anew, and its columns are changed to the new one.
fn contained<'a>(from: &'a Catalog, to: &'a Catalog, fates: &'a Fates) -> impl Iterator<Item = Id> + 'a {
    let stays = |id: &Id| from.get(id).is_some() && to.get(id).is_some() && !fates.get(id).is_some_and(Fate::goes);
    let narrowed = fates.iter().filter_map(move |(id, fate)| {
        let domain = id.beside(Kind::Domain, "");
        let is_narrower = match (from.get(id).map(|it| &it.object), to.get(id).map(|it| &it.object)) {
            (Some(Object::Domain(old)), Some(Object::Domain(new))) => !old.not_null && new.not_null,
            (Some(Object::Constraint(old)), Some(Object::Constraint(new))) if new.of_domain => {
                new.validated && (fate.comes() || !old.validated)
            }
            (None, Some(Object::Constraint(new))) => new.of_domain && new.validated,
            _ => false,
        };
        (is_narrower && stays(&domain)).then_some(domain)
    });
    narrowed.filter(|domain| emit::is_in_container(domain, from))
}

/// Compares two states; some objects are known to be made anew.
fn compare_knowing(from: &Catalog, to: &Catalog, known: &Fates, options: Options) -> Fates {
    let mut fates = known.clone();
    let apart = BTreeSet::new();
    let frame = Frame { from, to, fates: known, apart: &apart, partial: &apart, options };
    // Both are sorted: what is passed over is not there any longer.
    let mut olds = from.entries.iter().peekable();
    for (id, entry) in &to.entries {
        while let Some((gone, _)) = olds.next_if(|(old, _)| *old < id) {
            fates.entry(gone.clone()).or_insert(Fate::Drop);
        }
        match olds.next_if(|(old, _)| *old == id).map(|(_, old)| old) {
            _ if known.contains_key(id) => {}
            None => {
                fates.insert(id.clone(), Fate::Create);
            }
            // Whoever loses a privilege on a table loses it on its columns too.
            Some(old) if old != entry || id.kind == Kind::Column && !entry.acl.is_empty() => {
                if let Some(fate) = changed(old, &frame.cx(id, entry)) {
                    fates.insert(id.clone(), fate);
                }
            }
            Some(_) => {}
        }
    }
    for (gone, _) in olds {
        fates.entry(gone.clone()).or_insert(Fate::Drop);
    }
    spread(from, to, known, &mut fates, options);
    fates
}

fn changed(old: &Entry, cx: &Cx<'_>) -> Option<Fate> {
    let mut alter = emit::Alter::default();
    // An index that was written otherwise is another one to whoever reads it, and can be made anew without harm.
    let is_reread = || cx.id.kind != Kind::Index && emit::is_reread(&old.object, &cx.entry.object);
    if old.object != cx.entry.object && !is_reread() {
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
    let is_changed =
        !alter.steps.is_empty() || !alter.disturbs.is_empty() || emit::is_marked(&old.object, &cx.entry.object, cx);
    is_changed.then_some(Fate::Alter { steps: alter.steps, disturbs: alter.disturbs })
}

/// A column that is changed to the type which takes the name of its own.
fn converted(id: &Id, from: &Catalog, to: &Catalog, known: &Fates, options: Options) -> Option<Fate> {
    let (old, entry) = (from.get(id)?, to.get(id)?);
    let apart = BTreeSet::new();
    let cx = Frame { from, to, fates: known, apart: &apart, partial: &apart, options }.cx(id, entry);
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
fn spread(from: &Catalog, to: &Catalog, known: &Fates, fates: &mut Fates, options: Options) {
    if fates.is_empty() {
        return;
    }
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
                // A part goes with its relation, also where one of another kind takes its name.
                Some(Fate::Alter { .. }) if parent(from, dependant).as_ref() == Some(&id) => {}
                // Changed in place it may let go of what is dropped.
                Some(Fate::Alter { .. })
                    if is_dropped
                        && !has_rival
                        && !is_taken_anew(from, &id)
                        && !still_needs(to, dependant, &id)
                        && !needs_next_key(from, to, dependant, &id) =>
                {
                    continue;
                }
                // So may a column that changes with its parent's.
                None if is_dropped && is_inherited(to, dependant) && !still_needs(to, dependant, &id) => continue,
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
                if emit::is_left_behind(dependant, &id, fates, from, to)
                    && let Some(fate) = converted(dependant, from, to, known, options)
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

fn is_inherited(catalog: &Catalog, id: &Id) -> bool {
    matches!(catalog.get(id).map(|entry| &entry.object), Some(Object::Column(Column { inherited: true, .. })))
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

/// Whether it goes from one primary key of a table to the next: both are never there at once.
fn needs_next_key(from: &Catalog, to: &Catalog, dependant: &Id, id: &Id) -> bool {
    let is_key = |state: &Catalog, id: &Id| {
        let object = state.get(id).map(|entry| &entry.object);
        matches!(object, Some(Object::Constraint(it)) if it.what == ConstraintType::Primary)
    };
    let next = |it: &&Id| (&it.schema, &it.name) == (&id.schema, &id.name) && is_key(to, it);
    is_key(from, id) && to.needs.get(dependant).is_some_and(|needs| needs.iter().any(|it| next(&it)))
}

/// Whether what is changed in place would need it again: up to PostgreSQL 17 routines take each transform that there is.
fn is_taken_anew(from: &Catalog, id: &Id) -> bool {
    id.kind == Kind::Transform && from.version < 18
}

/// Whether an object needs in the end what it needs now, or what takes its name.
fn still_needs(to: &Catalog, dependant: &Id, id: &Id) -> bool {
    to.needs.get(dependant).is_some_and(|needs| needs.contains(id) || needs.iter().any(|it| it.is_namesake(id)))
}
