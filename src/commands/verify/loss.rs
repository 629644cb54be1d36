//! The data that a way back cannot restore, by table and column.

use crate::catalog::{Catalog, Id};
use crate::diff::inverse::{By, Names, data_steps, losses};
use crate::diff::rename::known;
use crate::plan::step::Step;
use crate::report::verify::{DataLoss, LostBy};

/// What a migration and its way back destroy. `renamed` has the names of the same objects after it and before it; `down` is
/// the file that takes it back, where there is one.
pub fn of(
    (before, after): (&Catalog, &Catalog),
    renamed: &[(Id, Id)],
    (up, down): (&Step, Option<&Step>),
) -> Vec<DataLoss> {
    let back = Names::new(&known(after, renamed));
    let lost = losses(before, after, &back).into_iter().map(|loss| DataLoss {
        table: loss.table,
        column: loss.column,
        by: match loss.by {
            By::Up => LostBy::Up,
            By::Down => LostBy::Down,
        },
        why: loss.why,
    });
    let mut found: Vec<DataLoss> = lost.collect();
    // A person who writes the way back may know how rows were before.
    let mended = down.map(|down| data_steps(down.source.text(), after, before, &back.back())).unwrap_or_default();
    for step in data_steps(up.source.text(), before, after, &back) {
        let is_mended = mended.iter().any(|other| other.table.is_none() || other.table == step.table);
        let destroys = ["UPDATE", "DELETE", "TRUNCATE", "MERGE"].contains(&step.what.as_str());
        let (Some(table), true) = (&step.table, step.stays() && destroys && !is_mended) else { continue };
        let why = format!("line {}: {} changes rows, and nothing says what they were before", step.line, step.what);
        let of = |column: Option<&String>| DataLoss {
            table: table.clone(),
            column: column.cloned(),
            by: LostBy::Up,
            why: why.clone(),
        };
        if step.columns.is_empty() {
            found.push(of(None));
        }
        found.extend(step.columns.iter().map(|column| of(Some(column))));
    }
    found.sort();
    found.dedup();
    found
}
