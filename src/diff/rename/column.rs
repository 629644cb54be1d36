//! Columns, attributes and values of enums that may have been renamed.

use super::candidate::{Candidate, Scored, are_alike, best};
use super::labels;
use crate::catalog::{Catalog, Column, Id, Kind, Object};
use crate::text::likeness;

/// The parts of what is in both schemas that may have been renamed.
pub fn part_candidates(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let mut scored = Vec::new();
    for id in from.entries.keys().filter(|id| to.entries.contains_key(id)) {
        match id.kind {
            Kind::Table | Kind::ForeignTable | Kind::Composite => columns(from, to, id, &mut scored),
            Kind::Enum => values(from, to, id, &mut scored),
            _ => {}
        }
    }
    best(scored)
}

/// Columns of one type that stand at the same place, or whose names are alike.
fn columns(from: &Catalog, to: &Catalog, of: &Id, scored: &mut Vec<Scored>) {
    let places = |catalog: &Catalog, other: &Catalog| {
        let (mut kept, mut run) = (0, 0);
        let mut places: Vec<(Id, (usize, usize))> = Vec::new();
        for (id, ..) in catalog.columns(of) {
            if other.entries.contains_key(id) {
                (kept, run) = (kept + 1, 0);
            } else {
                places.push((id.clone(), (kept, run)));
                run += 1;
            }
        }
        places
    };
    let (gone, new) = (places(from, to), places(to, from));
    for (old, before) in &gone {
        for (new, after) in &new {
            let (Some(was), Some(is)) = (column(from, old), column(to, new)) else { continue };
            let is_computed = was.generated != is.generated;
            if was.data_type != is.data_type || was.inherited || is.inherited || is_computed {
                continue;
            }
            let is_placed = before.0 == after.0;
            let is_alike = are_alike(&old.part, &new.part);
            if !is_placed && !is_alike {
                continue;
            }
            let mut points = likeness(&old.part, &new.part);
            let mut reason = format!("both are `{}`", was.data_type);
            if is_placed {
                points += if before == after { 2.0 } else { 1.0 };
                reason.push_str(", at the same place");
            }
            if is_alike {
                reason.push_str(", and the names are alike");
            }
            if default(from, old) == default(to, new) && was.not_null.is_some() == is.not_null.is_some() {
                points += 0.5;
            }
            scored.push((points, old.clone(), new.clone(), reason));
        }
    }
}

fn column<'a>(catalog: &'a Catalog, id: &Id) -> Option<&'a Column> {
    match &catalog.get(id)?.object {
        Object::Column(column) => Some(column),
        _ => None,
    }
}

fn default<'a>(catalog: &'a Catalog, id: &Id) -> Option<&'a str> {
    match &catalog.get(&id.beside(Kind::Default, &id.part))?.object {
        Object::Default(default) => Some(&default.expression),
        _ => None,
    }
}

/// Values that stand between the same neighbours, as many in the one as in the other.
fn values(from: &Catalog, to: &Catalog, of: &Id, scored: &mut Vec<Scored>) {
    let runs = |labels: &[String], other: &[String]| {
        let mut runs: Vec<(Option<String>, Vec<String>)> = vec![(None, Vec::new())];
        for label in labels {
            if other.contains(label) {
                runs.push((Some(label.clone()), Vec::new()));
            } else if let Some((_, run)) = runs.last_mut() {
                run.push(label.clone());
            }
        }
        runs
    };
    let (old, new) = (labels(from, of), labels(to, of));
    for (after, gone) in runs(old, new) {
        let fits = |(anchor, run): &(Option<String>, Vec<String>)| *anchor == after && run.len() == gone.len();
        let Some((_, come)) = runs(new, old).into_iter().find(fits) else { continue };
        for (old, new) in gone.iter().zip(come) {
            let reason = "they stand at the same place".to_owned();
            scored.push((likeness(old, &new), of.beside(Kind::Enum, old), of.beside(Kind::Enum, new), reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, table};
    use super::*;

    fn said(from: &Catalog, to: &Catalog) -> Vec<String> {
        part_candidates(from, to).iter().map(|it| format!("{} ({})", it.rename(from), it.reason)).collect()
    }

    #[test]
    fn a_column_of_the_same_type_at_the_same_place_may_be_one() {
        let (mut from, mut to) = (Catalog::default(), Catalog::default());
        table(&mut from, "t", &[("id", "bigint"), ("name", "text"), ("mail", "text"), ("n", "integer")]);
        table(&mut to, "t", &[("id", "bigint"), ("title", "text"), ("address", "text"), ("m", "numeric")]);
        assert_eq!(
            said(&from, &to),
            [
                "column public.t.mail → address (both are `text`, at the same place)",
                "column public.t.name → title (both are `text`, at the same place)"
            ]
        );
    }

    #[test]
    fn a_column_that_was_added_at_the_end_is_known_by_its_name() {
        let (mut from, mut to) = (Catalog::default(), Catalog::default());
        table(&mut from, "t", &[("name", "text"), ("gone", "text"), ("id", "bigint")]);
        table(&mut to, "t", &[("id", "bigint"), ("full_name", "text"), ("x", "text")]);
        let alike = "column public.t.name → full_name (both are `text`, and the names are alike)";
        assert_eq!(said(&from, &to), [alike]);
    }

    #[test]
    fn a_value_between_the_same_neighbours_may_be_one() {
        let (mut from, mut to) = (Catalog::default(), Catalog::default());
        tests::values(&mut from, "e", &["a", "b", "c", "d"]);
        tests::values(&mut to, "e", &["a", "B", "c", "d", "e"]);
        assert_eq!(said(&from, &to), ["value public.e.b → 'B' (they stand at the same place)"]);
    }
}
