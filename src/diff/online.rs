//! `--online`: the transactions of a plan that is to keep nobody waiting for long, and what keeps others waiting all the
//! same, and why.
//!
//! Whoever wants what a statement has locked waits until its transaction ends. So what lasts the longer the more rows there
//! are stands in no transaction with a lock that was taken before it, unless both have to be done at once.

use std::collections::BTreeSet;

use super::parts::parts;
use super::step::{Step, Verb};
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::risk::{HazardKind, LockMode};

/// How many relations are named where others wait for many.
const NAMED: usize = 3;

/// Ties statements to each other: those of a block, or else of one object up to its look at rows, to which `alone` is given.
pub fn tie(steps: &mut [Step], block: Option<usize>, alone: usize) {
    let end = if block.is_some() { None } else { steps.iter().position(is_look) };
    let end = end.unwrap_or(steps.len());
    steps[..end].iter_mut().for_each(|step| step.block = block.or(Some(alone)));
}

/// Takes out of what is done at once what can be done before or after it, and puts looks at rows that nothing waits for at
/// the end.
pub fn arranged(steps: &[Step], to: &Catalog) -> Vec<Step> {
    // A partition is attached only where its checks are valid.
    let attaches = steps.iter().any(|step| step.id.kind == Kind::Inheritance);
    let (mut arranged, mut late) = (Vec::with_capacity(steps.len()), Vec::new());
    for block in steps.chunk_by(|before, after| before.block == after.block) {
        let (builds, rest, looks) = apart(block, to);
        arranged.extend(builds);
        arranged.extend(rest);
        // A key may need that a column is not null.
        let (later, soon): (Vec<Step>, Vec<Step>) =
            looks.into_iter().partition(|step| step.id.kind == Kind::Constraint && !attaches);
        arranged.extend(soon);
        late.extend(later);
    }
    arranged.extend(late);
    arranged
}

/// What is built before a block, the block, and what is looked at after it.
fn apart(block: &[Step], to: &Catalog) -> (Vec<Step>, Vec<Step>, Vec<Step>) {
    let ids: BTreeSet<&Id> = block.iter().map(|step| &step.id).collect();
    let goes = |id: &Id| block.iter().any(|it| it.id == *id && it.verb == Verb::Drop && !it.outside_transaction);
    let is_free = |id: &Id| !goes(id) && !to.needs.get(id).into_iter().flatten().any(|needed| ids.contains(needed));
    let attaches = ids.iter().any(|id| id.kind == Kind::Inheritance);
    // A column's number and key wait until it is not null.
    let is_tied = |id: &Id| matches!(id.kind, Kind::Constraint | Kind::Sequence | Kind::Table);
    let is_tied = ids.iter().any(|id| is_tied(id)) || block.iter().any(|step| step.sql.contains(" identity"));
    let (mut builds, mut rest, mut looks) = (Vec::new(), Vec::<Step>::new(), Vec::<Step>::new());
    for step in block {
        let is_build = step.outside_transaction && step.verb == Verb::Create;
        let is_look = is_look(step) && (step.id.kind == Kind::Constraint || !is_tied);
        if is_build && is_free(&step.id) {
            builds.push(Step { block: None, ..step.clone() });
        } else if !attaches && (is_look || looks.last().is_some_and(|last| last.id == step.id)) {
            // With it goes what waits for it: the old one, and the name.
            looks.push(Step { block: None, ..step.clone() });
        } else if let Some(rest_of) = step.sql.strip_prefix("drop index concurrently ").filter(|_| ids.len() > 1) {
            // The others are not to be torn apart by it, and it takes a moment.
            let sql = format!("drop index {rest_of}");
            rest.push(Step { sql, outside_transaction: false, ..step.clone() });
        } else {
            rest.push(step.clone());
        }
    }
    (builds, rest, looks)
}

/// Whether it looks at rows while others read and write.
fn is_look(step: &Step) -> bool {
    step.sql.contains(" validate constraint ")
}

/// Ends transactions before what lasts long, where others would wait for what they have locked so far.
pub fn cut(steps: &mut [Step]) {
    // What sets a sequence goes with what numbers from it.
    let is_long = |step: &Step| step.is_long() && !step.sql.starts_with("select ");
    let mut is_held = false;
    let mut at = 0;
    while at < steps.len() {
        let block = steps[at].block;
        let same = steps[at..].iter().skip(1).take_while(|it| block.is_some() && it.block == block).count();
        let next = at + 1 + same;
        if at > 0 && (steps[at - 1].commit_before_use || steps[at - 1].outside_transaction) {
            is_held = false;
        }
        if is_held && steps[at..next].iter().any(is_long) {
            steps[at - 1].commit_before_use = true;
            is_held = false;
        }
        for step in &steps[at..next] {
            is_held = !step.outside_transaction && (is_held || step.is_strong());
        }
        at = next;
    }
}

/// Says of what keeps others waiting for long why that is so.
pub fn tell(steps: &mut [Step], to: &Catalog) {
    let lengths: Vec<(bool, usize)> = parts(steps).iter().map(|part| (part.in_transaction, part.steps.len())).collect();
    let mut rest = steps;
    for (in_transaction, length) in lengths {
        let (part, others) = rest.split_at_mut(length);
        rest = others;
        let mut held: BTreeSet<String> = BTreeSet::new();
        for step in part.iter_mut().filter(|_| in_transaction) {
            let strong = step.hazards.iter().filter(|hazard| hazard.lock.is_some_and(|mode| mode >= LockMode::Share));
            held.extend(strong.filter_map(|hazard| hazard.locked.clone()));
            step.still_blocks = (step.is_long() && !held.is_empty())
                .then(|| format!("others wait for {} as long as it lasts: {}", named(&held), why(step, to)));
        }
    }
}

fn named(relations: &BTreeSet<String>) -> String {
    let names: Vec<&str> = relations.iter().take(NAMED).map(String::as_str).collect();
    match relations.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// Why no form of a statement keeps others from waiting.
fn why(step: &Step, to: &Catalog) -> &'static str {
    let id = &step.id;
    let rewrites = step.hazards.iter().any(|hazard| hazard.kind == HazardKind::Rewrite);
    let is_on_partitioned = || match to.get(id).map(|entry| &entry.object) {
        Some(Object::Index(it)) => it.partitioned,
        _ => to.is_partitioned(id),
    };
    match (id.kind, to.get(id).map(|entry| &entry.object)) {
        _ if step.sql.starts_with("select ") => {
            "no number is to be given twice meanwhile; with an index on the column it takes a moment"
        }
        (Kind::Column, _) if step.sql.contains(" type ") => {
            "a type changes only so; a column beside it, filled little by little, could take its name"
        }
        (Kind::Column, _) if rewrites => {
            "each row gets its value at once; it could be added without, and filled little by little"
        }
        (Kind::MaterializedView, _) if step.verb == Verb::Create => {
            "it is filled when the one before it is gone already"
        }
        (Kind::Inheritance, _) => "a valid check of the same bound, added beforehand, would spare the look at the rows",
        (_, Some(Object::Constraint(it))) if it.definition.starts_with("EXCLUDE") => {
            "an exclusion constraint can be neither added as not valid nor made of an index"
        }
        (Kind::Domain, _) => "the tables of a domain are looked at only so",
        (_, Some(Object::Constraint(it))) if it.of_domain => "the tables of a domain are looked at only so",
        (Kind::Constraint | Kind::Index, _) if is_on_partitioned() => "partitioned tables have no other form of it",
        (Kind::Constraint | Kind::Index | Kind::Column, _) => {
            "it has to be done at once with what is changed beside it"
        }
        _ => "PostgreSQL has no other form of it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(sql: &str) -> Step {
        let table = sql.rsplit(' ').next().unwrap();
        let step = Step::alter(&Id::new(Kind::Table, "public", table), sql);
        let step = if sql.starts_with("lock") { step.lock(LockMode::AccessExclusive, table) } else { step };
        if sql.contains("scan") { step.hazard(HazardKind::LongScan, "reads") } else { step }
    }

    fn cut_at(sqls: &[&str], block: std::ops::Range<usize>) -> Vec<usize> {
        let mut steps: Vec<Step> = sqls.iter().map(|sql| step(sql)).collect();
        steps[block].iter_mut().for_each(|step| step.block = Some(1));
        cut(&mut steps);
        parts(&steps).iter().map(|part| part.steps.len()).collect()
    }

    #[test]
    fn nothing_long_stands_behind_a_lock() {
        assert_eq!(cut_at(&["lock a", "lock b", "scan a", "lock c"], 0..0), [2, 2]);
        assert_eq!(cut_at(&["scan a", "scan b", "lock and scan a", "lock and scan b"], 0..0), [3, 1]);
    }

    #[test]
    fn what_is_done_at_once_stays_together() {
        assert_eq!(cut_at(&["lock a", "lock b", "scan b", "lock c"], 1..3), [1, 3]);
    }

    #[test]
    fn what_still_blocks_says_whom() {
        let mut steps = vec![step("lock a"), step("scan b")];
        tell(&mut steps, &Catalog::default());
        assert_eq!(steps[0].still_blocks, None);
        assert!(steps[1].still_blocks.as_ref().is_some_and(|text| text.starts_with("others wait for a as long")));
    }
}
