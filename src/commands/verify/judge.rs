//! What is wrong with a schema that should be another: the objects, and the statements that mend them.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Id, Kind};
use crate::diff::{Fate, Options, Plan, compare, plan, statements};
use crate::report::verify::{Difference, How};

/// How schemas are compared: as `pg_dump` sees them, owners too.
pub const OPTIONS: Options = Options { owners: true, online: false, no_drop: false, stand_ins: true };

/// What of one schema is not as it should be.
pub fn differences(there: &Catalog, wanted: &Catalog) -> (Vec<Difference>, Option<Plan>) {
    let fates = compare(there, wanted, OPTIONS);
    if fates.is_empty() {
        return (Vec::new(), None);
    }
    let mend = plan(there, wanted, OPTIONS);
    let of = |id: &Id| {
        let steps = mend.steps.iter().filter(|step| step.id == *id || step.also.contains(id));
        steps.map(|step| format!("{};", step.sql)).collect::<Vec<_>>()
    };
    // What only has to be made again because of another is no difference of its own.
    let is_itself = |id: &Id| there.get(id) != wanted.get(id);
    let any = fates.keys().any(is_itself);
    let is_said = |id: &Id| !is_part_of_a_difference(id, &fates) && (!any || is_itself(id));
    let found = fates.iter().filter(|(id, _)| is_said(id)).map(|(id, fate)| Difference {
        object: id.to_string(),
        how: match fate {
            Fate::Create => How::Missing,
            Fate::Drop => How::Extra,
            Fate::Alter { .. } | Fate::Recreate => How::Changed,
        },
        mend: of(id),
    });
    (found.collect(), Some(mend))
}

/// Whether an object goes or comes with what it is a part of, which is said already.
fn is_part_of_a_difference(id: &Id, fates: &BTreeMap<Id, Fate>) -> bool {
    let relations =
        [Kind::Table, Kind::ForeignTable, Kind::View, Kind::MaterializedView, Kind::Composite, Kind::Domain];
    let is_same = |fate: Option<&Fate>, other: &Fate| {
        matches!((fate, other), (Some(Fate::Create), Fate::Create) | (Some(Fate::Drop), Fate::Drop))
    };
    !id.part.is_empty()
        && fates
            .get(id)
            .is_some_and(|fate| relations.iter().any(|kind| is_same(fates.get(&id.beside(*kind, "")), fate)))
}

/// The statements of a plan as a text.
pub fn sql(plan: &Plan) -> String {
    statements(&plan.steps)
}

/// Tables that have the same columns in another order.
pub fn column_orders(there: &Catalog, wanted: &Catalog) -> Vec<String> {
    let names = |catalog: &Catalog, table: &Id| {
        catalog.columns(table).iter().map(|(id, ..)| id.part.clone()).collect::<Vec<_>>()
    };
    let is_table = |id: &&Id| matches!(id.kind, Kind::Table | Kind::ForeignTable);
    let mut found = Vec::new();
    for id in wanted.entries.keys().filter(is_table) {
        if !there.entries.contains_key(id) {
            continue;
        }
        let (mut is, mut was) = (names(there, id), names(wanted, id));
        if is == was {
            continue;
        }
        is.sort();
        was.sort();
        if is == was {
            found.push(id.qualified());
        }
    }
    found
}
