//! Sequences.

use super::{Alter, Cx, literal, plain_drop};
use crate::catalog::{Catalog, Id, Identity, Kind, Object, Sequence, SequenceOptions, Table};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// What stands behind the name.
fn options(it: &SequenceOptions) -> String {
    let data_type = if it.data_type == "bigint" { String::new() } else { format!(" as {}", it.data_type) };
    data_type + &counting(it)
}

/// How it counts, where that is not what PostgreSQL would choose; the type of an identity column's sequence is the column's.
///
/// <https://www.postgresql.org/docs/18/sql-createsequence.html>
pub(super) fn counting(it: &SequenceOptions) -> String {
    let (low, high) = match it.data_type.as_str() {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let (min, max, first) = if it.increment > 0 { (1, high, it.min) } else { (low, -1, it.max) };
    let clauses = [
        ("start with", it.start, first),
        ("increment by", it.increment, 1),
        ("minvalue", it.min, min),
        ("maxvalue", it.max, max),
        ("cache", it.cache, 1),
    ];
    let said =
        clauses.iter().filter(|(_, value, usual)| value != usual).map(|(word, value, _)| format!(" {word} {value}"));
    said.chain(it.cycle.then(|| " cycle".to_owned())).collect()
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
    // Where it stands must be within the bounds: where no number is within both, it starts anew.
    if new.min > old.max || new.max < old.min {
        changes.push(format!("restart with {}", new.start));
    }
    if old.cycle != new.cycle {
        changes.push(if new.cycle { "cycle" } else { "no cycle" }.to_owned());
    }
    changes
}

/// Moves a sequence within its new bounds where it stands outside them and none of its numbers is known to be used yet:
/// where it counted from before is no longer one of them.
pub(super) fn move_inside(old: &SequenceOptions, new: &SequenceOptions, name: &str, id: &Id) -> Option<Step> {
    let (low, high) = (old.min.max(new.min), old.max.min(new.max));
    let is_narrower = new.min > old.min || new.max < old.max;
    if !is_narrower || low > high || (low..=high).contains(&old.start) {
        return None;
    }
    let first = new.start.clamp(low, high);
    Some(Step::alter(
        id,
        format!(
            "select pg_catalog.setval({}, {first}, false) from {name} where last_value not between {low} and {high} \
             and not is_called",
            literal(name)
        ),
    ))
}

/// Says that a sequence may have counted beyond what are to be its bounds.
pub(super) fn narrowed(step: Step, old: &SequenceOptions, new: &SequenceOptions, name: &str) -> Step {
    if new.min > old.max || new.max < old.min {
        step.hazard(HazardKind::DataLoss, format!("how far {name} has counted is lost"))
    } else if new.min > old.min || new.max < old.max {
        step.hazard(HazardKind::MayFail, format!("fails where {name} has counted beyond its new bounds"))
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

/// Whether it is to be logged, where its table is not, or the other way round.
fn keep(name: &str, it: &SequenceOptions, id: &Id) -> Step {
    Step::alter(id, format!("alter sequence {name} set {}", if it.unlogged { "unlogged" } else { "logged" }))
}

/// The sequence of an identity column is made as its table is: logged or not.
pub(super) fn differing_from_table(it: &Identity, cx: &Cx<'_>, id: &Id) -> Option<Step> {
    let Some(Object::Table(table)) = cx.to.get(&id.beside(Kind::Table, "")).map(|entry| &entry.object) else {
        return None;
    };
    let name = Id::new(Kind::Sequence, &it.sequence.0, &it.sequence.1).qualified();
    (cx.to.version >= 15 && it.options.unlogged != table.unlogged).then(|| keep(&name, &it.options, id))
}

/// The sequences of a table that becomes logged, or no longer is, go with it, those too that are to stay as they are.
pub(super) fn kept_apart(new: &Table, cx: &Cx<'_>) -> Vec<Step> {
    let of = |state: &Catalog, id: &Id| match state.get(id).map(|entry| &entry.object) {
        Some(Object::Sequence(it)) => Some(it.clone()),
        _ => None,
    };
    let sequences = cx.from.entries.range(Id::new(Kind::Sequence, "", "")..).map(|(id, _)| id);
    let mut steps = Vec::new();
    for id in sequences.take_while(|id| id.kind == Kind::Sequence) {
        let (Some(before), Some(now)) = (of(cx.from, id), of(cx.to, id)) else { continue };
        let is_owned =
            before.owned_by.as_ref().is_some_and(|(schema, table, _)| (schema, table) == (&cx.id.schema, &cx.id.name));
        let is_kept = before.of_identity == now.of_identity
            && (now.of_identity || before.options.unlogged == now.options.unlogged);
        if is_owned && is_kept && now.options.unlogged != new.unlogged {
            steps.push(keep(&id.address(), &now.options, cx.id));
        }
    }
    steps
}

/// Whether the table of a sequence becomes logged, or no longer is.
fn turns_with_table(it: &Sequence, cx: &Cx<'_>) -> bool {
    let Some((schema, table, _)) = &it.owned_by else { return false };
    let table = Id::new(Kind::Table, schema, table);
    let unlogged = |state: &Catalog| match state.get(&table).map(|entry| &entry.object) {
        Some(Object::Table(table)) => Some(table.unlogged),
        _ => None,
    };
    unlogged(cx.from) != unlogged(cx.to)
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
        (true, true) => {
            let differs = old.options.unlogged != new.options.unlogged && !turns_with_table(old, cx);
            return Alter::in_place(differs.then(|| keep(&cx.id.address(), &new.options, cx.id)).into_iter().collect());
        }
        _ => return Alter::recreate(),
    }
    let name = cx.id.address();
    let mut steps = Vec::new();
    let changes = option_changes(&old.options, &new.options);
    if !changes.is_empty() {
        steps.extend(move_inside(&old.options, &new.options, &name, cx.id));
        let step = Step::alter(cx.id, format!("alter sequence {name} {}", changes.join(" ")));
        steps.push(narrowed(step, &old.options, &new.options, &name));
    }
    if old.options.unlogged != new.options.unlogged {
        let word = if new.options.unlogged { "unlogged" } else { "logged" };
        steps.push(Step::alter(cx.id, format!("alter sequence {name} set {word}")));
    }
    if old.owned_by != new.owned_by {
        // A new column gets it once it is there; until then nobody takes it along.
        let is_there = |(schema, table, column): &(String, String, String)| {
            cx.from.entries.contains_key(&Id::part(Kind::Column, schema, table, column))
        };
        let to = if new.owned_by.as_ref().is_none_or(is_there) { owner(new) } else { "none".to_owned() };
        if to != owner(old) {
            steps.push(Step::alter(cx.id, format!("alter sequence {name} owned by {to}")));
        }
    }
    Alter::in_place(steps)
}
