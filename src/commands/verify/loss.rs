//! The data that a way back cannot restore, by table and column.

use super::shared;
use crate::catalog::{Catalog, Id, Kind};
use crate::diff::inverse::{By, DataStep, Loss, Names, data_steps, losses, said_truly, zoned};
use crate::diff::rename::known;
use crate::plan::step::Step;
use crate::report::verify::{DataLoss, LostBy};

/// What a migration and its way back destroy, and what the way back leaves to a person to decide. `renamed` has the names of the same objects after it and before it; `down` is
/// the file that takes it back, where there is one; `anew` are tables and columns that the migration drops and makes again.
pub fn of(
    (before, after): (&Catalog, &Catalog),
    (renamed, anew): (&[(Id, Id)], &[Id]),
    (up, down): (&Step, Option<&Step>),
) -> (Vec<DataLoss>, Vec<String>) {
    let back = Names::new(&known(after, renamed));
    // What a time zone does is told as it is: the generated way back takes the one that the migration has said.
    let there = zoned(up.source.text(), before, after, &back);
    let mut here = there.clone();
    if let Some(down) = down {
        let said = zoned(down.source.text(), after, before, &back.back());
        for column in &mut here {
            column.zone = said.iter().find(|it| it.before == column.after).and_then(|it| it.zone.clone());
        }
    }
    let (gone, back_gone): (Vec<Loss>, Vec<Loss>) =
        losses(before, after, &back).into_iter().partition(|loss| loss.by == By::Up);
    let mut lost = said_truly(gone, &there, before, after);
    lost.extend(said_truly(back_gone, &here, before, after));
    // A person's way back may give them other values first: that it ran on a shadow says nothing of rows.
    for loss in lost.iter_mut().filter(|loss| loss.refused.is_some() && down.is_some()) {
        let why = "values that the schema before does not have: the way back gives them up, or fails on them";
        why.clone_into(&mut loss.why);
    }
    let lost = lost.into_iter().map(|loss| DataLoss {
        table: loss.table,
        column: loss.column,
        by: match loss.by {
            By::Up => LostBy::Up,
            By::Down => LostBy::Down,
        },
        why: loss.why,
    });
    let mut found: Vec<DataLoss> = lost.collect();
    found.extend(anew.iter().map(|id| made_anew(id, LostBy::Up)));
    let done = data_steps(up.source.text(), before, after, &back);
    // A person who writes the way back may know how rows were before, and which rows the migration has put in.
    let undone = down.map(|down| data_steps(down.source.text(), after, before, &back.back())).unwrap_or_default();
    let is_about = |one: &DataStep, other: &DataStep| {
        let there = |table: &String| after.entries.keys().find(|id| id.part.is_empty() && id.qualified() == *table);
        let before = |table: &String| there(table).map(|id| back.id(id).qualified());
        one.table.is_none()
            || one.table == other.table
            || one.table.as_ref().and_then(before) == other.table
            || other.table.as_ref().and_then(before) == one.table
    };
    let said = |step: &DataStep| format!("line {}: {}: {}", step.line, step.what, step.decide);
    let mut decide: Vec<String> = shared::left(up, down).iter().map(said).collect();
    for step in &done {
        if !undone.iter().any(|other| is_about(other, step)) {
            if step.stays() {
                decide.push(said(step));
            }
            let why = format!("line {}: {} changes rows, and nothing says what they were before", step.line, step.what);
            found.extend(of_step(step, LostBy::Up, &why));
        }
    }
    for step in &undone {
        if !done.iter().any(|other| is_about(other, step)) {
            let why = format!(
                "line {} of the down file: {} changes rows that the migration has left alone",
                step.line, step.what
            );
            found.extend(of_step(step, LostBy::Down, &why));
        }
    }
    found.sort();
    found.dedup();
    (found, decide)
}

/// A table, or a column of one, that was dropped and made again under its name.
pub fn made_anew(id: &Id, by: LostBy) -> DataLoss {
    let is_column = id.kind == Kind::Column;
    let values = if is_column { "values" } else { "rows" };
    let who = match by {
        LostBy::Up => "the migration",
        LostBy::Down => "the down file",
    };
    DataLoss {
        table: id.beside(Kind::Table, "").qualified(),
        column: is_column.then(|| id.part.clone()),
        why: format!("{who} drops it and makes it again: all its {values} go"),
        by,
    }
}

/// What a statement destroys, column by column where it says them.
fn of_step(step: &DataStep, by: LostBy, why: &str) -> Vec<DataLoss> {
    let destroys = ["UPDATE", "DELETE", "TRUNCATE", "MERGE", "ALTER COLUMN … USING"].contains(&step.what.as_str());
    let (Some(table), true) = (&step.table, step.stays() && destroys) else { return Vec::new() };
    let of =
        |column: Option<&String>| DataLoss { table: table.clone(), column: column.cloned(), by, why: why.to_owned() };
    if step.columns.is_empty() {
        return vec![of(None)];
    }
    step.columns.iter().map(|column| of(Some(column))).collect()
}
