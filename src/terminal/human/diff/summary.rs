//! The table of what differs: a row an object, with what comes or goes with it as numbers.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::Cell;

use crate::catalog::{Id, Kind};
use crate::report::{Change, DiffObject};
use crate::terminal::style::{Role, clean};
use crate::terminal::table::table;

/// What the table shows.
pub(super) struct Shown {
    /// How many rows it has.
    pub rows: usize,
    /// How many of each change: `1 added, 2 changed`.
    pub words: String,
}

/// Adds the table.
pub(super) fn show(out: &mut String, objects: &[DiffObject], width: Option<u16>) -> Shown {
    let mut inside: BTreeMap<&Id, BTreeMap<Kind, usize>> = BTreeMap::new();
    for it in objects.iter().filter(|it| it.is_told) {
        *inside.entry(&it.group).or_default().entry(it.id.kind).or_default() += 1;
    }
    let mut numbers: BTreeMap<Change, usize> = BTreeMap::new();
    let shown: Vec<&DiffObject> = super::in_groups(objects).into_iter().filter(|it| !it.is_told).collect();
    let rows = shown.iter().map(|object| {
        *numbers.entry(object.change).or_default() += 1;
        let role = match object.change {
            Change::Added => Role::Success,
            Change::Changed | Change::Renamed => Role::Warning,
            Change::Recreated | Change::Removed => Role::Error,
        };
        let parts = inside.get(&object.id).map(with).filter(|words| !words.is_empty());
        let name = match &object.old_name {
            Some(old) => clean(&format!("{old} → {}", object.name)),
            None => clean(&object.name),
        };
        let name = parts.map_or(name.clone(), |parts| format!("{name} ({parts})"));
        vec![role.cell(object.change.word()), Cell::new(object.kind), Cell::new(name)]
    });
    out.push_str(&table(&["CHANGE", "KIND", "OBJECT"], rows, 2, width));
    let words = numbers.iter().map(|(change, n)| format!("{n} {}", change.word())).collect::<Vec<_>>().join(", ");
    Shown { rows: shown.len(), words }
}

/// `3 columns, 1 index`; what says nothing to a person beside these is left out.
fn with(kinds: &BTreeMap<Kind, usize>) -> String {
    let dull = BTreeSet::from([Kind::Default, Kind::Inheritance, Kind::Sequence]);
    let told = kinds.iter().filter(|(kind, _)| !dull.contains(kind));
    told.map(|(kind, n)| format!("{n} {}", plural(noun(*kind), *n))).collect::<Vec<_>>().join(", ")
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::PublicationTable => "table",
        Kind::PublicationSchema => "schema",
        kind => kind.sql(),
    }
}

fn plural(noun: &str, n: usize) -> String {
    match noun.strip_suffix('y') {
        _ if n == 1 || noun.ends_with("ics") => noun.to_owned(),
        Some(stem) => format!("{stem}ies"),
        None if noun.ends_with('x') => format!("{noun}es"),
        None => format!("{noun}s"),
    }
}
