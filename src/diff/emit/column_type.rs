//! A column's type or collation changes in place: no value is lost that the new type can hold.

use std::collections::BTreeMap;

use super::column::{default_of, is_foreign, table};
use super::index::change_statistics;
use super::{Alter, Cx, cast};
use crate::catalog::{Catalog, Column, Id, Kind, Object, Volatility};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

/// What stands in the way of a change of a column's type, and is made again.
pub(super) const IN_THE_WAY: &[Kind] = &[
    Kind::View,
    Kind::MaterializedView,
    Kind::Policy,
    Kind::Rule,
    Kind::Trigger,
    Kind::PublicationTable,
    Kind::Function,
    Kind::Procedure,
    Kind::Column,
];

/// The same where values of the old type do not compare with those of the new one: defaults and foreign keys too.
const STRANGE: &[Kind] = &[
    Kind::View,
    Kind::MaterializedView,
    Kind::Policy,
    Kind::Rule,
    Kind::Trigger,
    Kind::PublicationTable,
    Kind::Function,
    Kind::Procedure,
    Kind::Column,
    Kind::Default,
    Kind::Constraint,
];

/// What is known of an index's columns: the server builds the index anew, and forgets it.
pub(super) fn restored_statistics(cx: &Cx<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for (id, entry) in &cx.to.entries {
        let (index, statistics) = match &entry.object {
            Object::Index(it) if id.schema == cx.id.schema && it.table == cx.id.name => (id.clone(), &it.statistics),
            Object::Constraint(it) if (&id.schema, &id.name) == (&cx.id.schema, &cx.id.name) => {
                (Id::new(Kind::Index, &id.schema, &id.part), &it.statistics)
            }
            _ => continue,
        };
        let needs = |state: &Catalog| state.needs.get(id).is_some_and(|needs| needs.contains(cx.id));
        if !statistics.is_empty() && needs(cx.from) && needs(cx.to) && cx.from.get(id).is_some() {
            steps.extend(change_statistics(&BTreeMap::new(), statistics, &index.address(), cx.id));
        }
    }
    steps
}

/// Changes the type or the collation. `is_anew` says that the type, or what it is made of, steps aside for another of its
/// name.
pub(super) fn change_type(old: &Column, new: &Column, is_anew: bool, cx: &Cx<'_>) -> Alter {
    let column = bare_ident(&cx.id.part);
    let name = cx.id.qualified();
    let mut action = format!("alter column {column} type {}", new.data_type);
    if let Some(collation) = &new.collation {
        action.push_str(&format!(" collate {collation}"));
    }
    let how = cast::conversion(&column, &old.data_type, &new.data_type, is_anew, cx.from, cx.to);
    // A generated column computes its values anew.
    let is_computed = old.generated.is_some() && new.generated.is_some();
    let stays = how.is_kin && !is_anew && default_of(cx.from, cx.id) == default_of(cx.to, cx.id);
    let disturbs = if stays { IN_THE_WAY } else { STRANGE };
    // What is elsewhere is not turned into anything.
    if is_foreign(cx) {
        let step = Step::alter(cx.id, format!("{} {action}", table(cx)));
        return Alter::in_place(vec![step]).disturbing(disturbs);
    }
    if let Some(using) = how.using.as_ref().filter(|_| !is_computed) {
        action.push_str(&format!(" using {using}"));
    }
    let mut step = Step::alter(cx.id, format!("{} {action}", table(cx))).lock(LockMode::AccessExclusive, &name);
    if how.rewrites {
        step = step.hazard(HazardKind::Rewrite, format!("writes all of {name} and its indexes anew"));
    } else {
        step = step.hazard(HazardKind::LongScan, format!("may read all of {name} and build its indexes anew"));
    }
    let address = cx.id.address();
    // What is computed anew is not lost.
    if let Some(loses) = how.loses.filter(|_| !is_computed) {
        step = step.hazard(HazardKind::DataLoss, format!("{loses} are lost in {address}"));
    }
    if let Some(fails) = how.fails {
        step = step.hazard(HazardKind::MayFail, format!("fails where a value of {address} is {fails}"));
    }
    if how.is_zoned && !is_computed {
        step = step.hazard(HazardKind::Untracked, zone_said(&address));
    }
    if let Some(decide) = &how.decide {
        let text = format!("{decide} in {}: make sure that this is what is meant", cx.id.address());
        step = step.hazard(HazardKind::Untracked, text);
    }
    Alter::in_place(vec![step]).disturbing(disturbs)
}

/// What is said of values that are read in the session's time zone.
pub fn zone_said(address: &str) -> String {
    format!("what values of {address} become depends on the session's TimeZone")
}

/// Whether a default is another one for each row, so that each row that is there has to be given one.
pub(super) fn is_volatile(expression: &str, cx: &Cx<'_>) -> bool {
    const OTHER_EACH_TIME: [&str; 7] =
        ["nextval(", "random(", "gen_random_uuid(", "uuidv7(", "uuid_generate_v", "clock_timestamp(", "timeofday("];
    let needs = cx.to.needs.get(&cx.id.beside(Kind::Default, &cx.id.part)).into_iter().flatten();
    let mut functions = needs.filter_map(|id| match &cx.to.get(id)?.object {
        Object::Function(function) => Some(function.volatility),
        _ => None,
    });
    OTHER_EACH_TIME.iter().any(|function| expression.contains(function))
        || functions.any(|volatility| volatility == Volatility::Volatile)
}

/// Whether the column is of a domain that each row that is there has to fit.
pub(super) fn is_of_strict_domain(cx: &Cx<'_>) -> bool {
    let needs = cx.to.needs.get(cx.id).into_iter().flatten();
    needs.filter(|id| id.kind == Kind::Domain).any(|domain| {
        let is_not_null = matches!(cx.to.get(domain).map(|it| &it.object), Some(Object::Domain(it)) if it.not_null);
        is_not_null || cx.to.parts(domain, Kind::Constraint).next().is_some()
    })
}
