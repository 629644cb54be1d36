//! Sequences.

use super::{Alter, Cx, plain_drop};
use crate::catalog::{Id, Kind, Sequence, SequenceOptions};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// What stands behind the name.
fn options(it: &SequenceOptions) -> String {
    let data_type = if it.data_type == "bigint" { String::new() } else { format!(" as {}", it.data_type) };
    data_type + &counting(it)
}

/// How it counts; the type of an identity column's sequence is the column's.
pub(super) fn counting(it: &SequenceOptions) -> String {
    let cycle = if it.cycle { " cycle" } else { "" };
    format!(
        " start with {} increment by {} minvalue {} maxvalue {} cache {}{cycle}",
        it.start, it.increment, it.min, it.max, it.cache
    )
}

/// The clauses that turn one way of counting into another.
pub(super) fn option_changes(old: &SequenceOptions, new: &SequenceOptions) -> Vec<String> {
    let mut changes = Vec::new();
    if old.data_type != new.data_type {
        changes.push(format!("as {}", new.data_type));
    }
    // The server checks them together, so that they go together.
    let numbers = [
        ("increment by", old.increment, new.increment),
        ("minvalue", old.min, new.min),
        ("maxvalue", old.max, new.max),
        ("start with", old.start, new.start),
        ("cache", old.cache, new.cache),
    ];
    let is_typed = old.data_type != new.data_type;
    for (word, before, now) in numbers {
        if before != now || is_typed && matches!(word, "minvalue" | "maxvalue") {
            changes.push(format!("{word} {now}"));
        }
    }
    // Where it stands now must stay within the bounds.
    if new.min > old.min || new.max < old.max {
        changes.push(format!("restart with {}", new.start));
    }
    if old.cycle != new.cycle {
        changes.push(if new.cycle { "cycle" } else { "no cycle" }.to_owned());
    }
    changes
}

/// Says where a sequence begins again.
pub(super) fn restarting(step: Step, changes: &[String], what: &str) -> Step {
    if changes.iter().any(|change| change.starts_with("restart ")) {
        step.hazard(HazardKind::DataLoss, format!("how far {what} has counted is lost, and numbers may come twice"))
    } else {
        step
    }
}

fn owner(it: &Sequence) -> String {
    it.owned_by.as_ref().map_or_else(
        || "none".to_owned(),
        |(schema, table, column)| format!("{}.{}.{}", bare_ident(schema), bare_ident(table), bare_ident(column)),
    )
}

pub(super) fn create(it: &Sequence, cx: &Cx<'_>) -> Vec<Step> {
    if it.of_identity {
        return Vec::new();
    }
    let unlogged = if it.options.unlogged { "unlogged " } else { "" };
    vec![Step::create(cx.id, format!("create {unlogged}sequence {}{}", cx.id.address(), options(&it.options)))]
}

/// Gives a new sequence to its column, which may be younger than it.
pub fn own(it: &Sequence, cx: &Cx<'_>) -> Option<Step> {
    it.owned_by.as_ref().filter(|_| !it.of_identity)?;
    Some(Step::alter(cx.id, format!("alter sequence {} owned by {}", cx.id.address(), owner(it))))
}

pub(super) fn drop(it: &Sequence, cx: &Cx<'_>) -> Vec<Step> {
    if it.of_identity {
        return Vec::new();
    }
    // A column that comes to number itself goes on where it stood.
    let goes_on = it.owned_by.as_ref().is_some_and(|(schema, table, column)| {
        let column = Id::part(Kind::Column, schema, table, column);
        cx.to.column(&column, &column.part).is_some_and(|it| it.identity.is_some())
    });
    if goes_on {
        return vec![plain_drop(cx)];
    }
    vec![plain_drop(cx).hazard(HazardKind::DataLoss, format!("how far {} has counted is lost", cx.id))]
}

pub(super) fn alter(old: &Sequence, new: &Sequence, cx: &Cx<'_>) -> Alter {
    match (old.of_identity, new.of_identity) {
        (false, false) => {}
        (true, true) => return Alter::default(),
        _ => return Alter::recreate(),
    }
    let name = cx.id.address();
    let mut steps = Vec::new();
    let changes = option_changes(&old.options, &new.options);
    if !changes.is_empty() {
        let step = Step::alter(cx.id, format!("alter sequence {name} {}", changes.join(" ")));
        steps.push(restarting(step, &changes, &cx.id.to_string()));
    }
    if old.options.unlogged != new.options.unlogged {
        let word = if new.options.unlogged { "unlogged" } else { "logged" };
        steps.push(Step::alter(cx.id, format!("alter sequence {name} set {word}")));
    }
    if old.owned_by != new.owned_by {
        steps.push(Step::alter(cx.id, format!("alter sequence {name} owned by {}", owner(new))));
    }
    Alter::in_place(steps)
}
