//! Changes of types of a table's columns that follow each other: one statement, so that the table is written anew once.

use super::step::{Step, Verb};
use crate::catalog::Kind;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// Makes one statement of those that can be one.
pub fn together(steps: Vec<Step>) -> Vec<Step> {
    let mut all: Vec<Step> = Vec::with_capacity(steps.len());
    for step in steps {
        match all.last_mut() {
            Some(last) if joins(last, &step) => join(last, step),
            _ => all.push(step),
        }
    }
    all
}

/// What a change of a column's type begins with, and the change.
fn parts(step: &Step) -> Option<(&str, String)> {
    if step.id.kind != Kind::Column || step.verb != Verb::Alter || step.outside_transaction || step.commit_before_use {
        return None;
    }
    let change = format!("alter column {} type ", bare_ident(&step.id.part));
    let (table, rest) = step.sql.split_once(&change)?;
    table.starts_with("alter table ").then(|| (table.trim_end(), format!("{change}{rest}")))
}

fn joins(last: &Step, next: &Step) -> bool {
    // What a column becomes is computed from itself alone.
    match (parts(last), parts(next)) {
        (Some((one, _)), Some((other, _))) => one == other,
        _ => false,
    }
}

fn join(last: &mut Step, next: Step) {
    let (Some((table, first)), Some((_, second))) = (parts(last), parts(&next)) else { return };
    last.sql = format!("{table}\n    {first},\n    {second}");
    for hazard in next.hazards {
        if !last.hazards.contains(&hazard) {
            last.hazards.push(hazard);
        }
    }
    if last.hazards.iter().any(|it| it.kind == HazardKind::Rewrite) {
        last.hazards.retain(|it| it.kind != HazardKind::LongScan);
    }
    // Locks come first.
    last.hazards.sort_by_key(|it| it.lock.is_none());
    last.also.push(next.id);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Id;

    #[test]
    fn changes_of_types_of_a_table_are_one_statement() {
        let step = |table: &str, column: &str, what: &str| {
            let id = Id::part(Kind::Column, "public", table, column);
            Step::alter(&id, format!("alter table public.{table} alter column {column} {what}"))
        };
        let rewrite = |step: Step| step.hazard(HazardKind::Rewrite, "writes all of public.t anew");
        let steps = vec![
            step("t", "z", "drop default"),
            rewrite(step("t", "a", "type bigint")),
            step("t", "b", "type text").hazard(HazardKind::LongScan, "reads all of public.t"),
            rewrite(step("t", "c", "type date using c::date")).hazard(HazardKind::DataLoss, "lost"),
            step("u", "a", "type bigint"),
            step("t", "a", "type text"),
        ];
        let joined = together(steps);
        let sql: Vec<&str> = joined.iter().map(|it| it.sql.as_str()).collect();
        let one = "alter table public.t\n    alter column a type bigint,\n    alter column b type text,\n    \
                   alter column c type date using c::date";
        assert_eq!(
            sql[1..],
            [one, "alter table public.u alter column a type bigint", "alter table public.t alter column a type text"]
        );
        let kinds: Vec<HazardKind> = joined[1].hazards.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [HazardKind::Rewrite, HazardKind::DataLoss]);
        assert_eq!(joined[1].also.len(), 2);
    }
}
