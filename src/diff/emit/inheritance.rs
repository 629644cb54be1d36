//! What tables inherit from, and what they are partitions of.

use super::{Alter, Cx, online};
use crate::catalog::{Id, Inheritance, Kind};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};

/// The table as `alter` names it.
fn child(cx: &Cx<'_>) -> String {
    let foreign = cx.id.beside(Kind::ForeignTable, "");
    let is_foreign = cx.to.entries.contains_key(&foreign) || cx.from.entries.contains_key(&foreign);
    format!("{}table {}", if is_foreign { "foreign " } else { "" }, cx.id.qualified())
}

pub(super) fn create(it: &Inheritance, cx: &Cx<'_>) -> Vec<Step> {
    let (name, parent) = (cx.id.qualified(), &cx.id.part);
    let Some(bound) = &it.bound else {
        let step = Step::alter(cx.id, format!("alter {} inherit {parent}", child(cx)));
        return vec![step.lock(LockMode::AccessExclusive, &name)];
    };
    let sql = format!("alter table only {parent} attach partition {name} {bound}");
    let mut step = Step::alter(cx.id, sql).lock(LockMode::ShareUpdateExclusive, parent);
    let above = it.parent_id();
    let mut siblings = cx.from.children(&above).filter(|(id, _)| *id != cx.id && cx.to.get(id).is_some());
    if let Some((other, _)) = siblings.find(|(_, it)| it.bound.as_deref() == Some("DEFAULT")) {
        let other = other.qualified();
        step = step
            .hazard(HazardKind::LongScan, format!("reads all of {other}, the default partition"))
            .hazard(HazardKind::MayFail, format!("fails where a row of {other} belongs into {name}"));
    }
    let is_new = !cx.from.entries.contains_key(&cx.id.beside(Kind::Table, ""));
    if is_new {
        return vec![step];
    }
    vec![
        step.lock(LockMode::AccessExclusive, &name)
            .hazard(HazardKind::LongScan, format!("reads all of {name}"))
            .hazard(HazardKind::MayFail, format!("fails where a row of {name} does not belong into the partition")),
    ]
}

pub(super) fn drop(it: &Inheritance, cx: &Cx<'_>) -> Vec<Step> {
    let (name, parent) = (cx.id.qualified(), &cx.id.part);
    if it.bound.is_some()
        && let Some(steps) = online::detach(&it.parent_id(), cx)
    {
        return steps;
    }
    vec![if it.bound.is_some() {
        Step::alter(cx.id, format!("alter table {parent} detach partition {name}"))
            .lock(LockMode::AccessExclusive, parent)
    } else {
        Step::alter(cx.id, format!("alter {} no inherit {parent}", child(cx))).lock(LockMode::AccessExclusive, &name)
    }]
}

/// A place among the parents is kept where those that stay and those that come behind them have the order that is wanted.
pub(super) fn alter(old: &Inheritance, new: &Inheritance, cx: &Cx<'_>) -> Alter {
    if old.bound != new.bound {
        return Alter::recreate();
    }
    let ids = |of: Vec<(&Id, &Inheritance)>| of.into_iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    let (before, wanted) = (ids(cx.from.parents(cx.id)), ids(cx.to.parents(cx.id)));
    let stays = before.iter().filter(|id| wanted.contains(id));
    let comes = wanted.iter().filter(|id| !before.contains(id));
    let right = stays.chain(comes).zip(&wanted).take_while(|(is, wanted)| is == wanted).count();
    if wanted.iter().skip(right).any(|id| id == cx.id) { Alter::recreate() } else { Alter::default() }
}
