//! Rewrite rules.

use super::text::{faithful, same};
use super::{Alter, Cx, plain_drop};
use crate::catalog::{Enabled, Rule};
use crate::diff::step::Step;
use crate::risk::LockMode;
use crate::text::bare_ident;

fn statement(create: &str, it: &Rule, cx: &Cx<'_>) -> String {
    format!("{create} {} {}", bare_ident(&cx.id.part), faithful(&it.definition))
}

fn enable(it: &Rule, cx: &Cx<'_>) -> Step {
    let word = it.enabled.sql();
    let table = cx.id.qualified();
    Step::alter(cx.id, format!("alter table {table} {word} rule {}", bare_ident(&cx.id.part)))
        .lock(LockMode::AccessExclusive, &table)
}

pub(super) fn create(it: &Rule, cx: &Cx<'_>) -> Vec<Step> {
    let step =
        Step::create(cx.id, statement("create rule", it, cx)).lock(LockMode::AccessExclusive, &cx.id.qualified());
    let enable = (it.enabled != Enabled::Origin).then(|| enable(it, cx));
    std::iter::once(step).chain(enable).collect()
}

pub(super) fn drop(_: &Rule, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx).lock(LockMode::AccessExclusive, &cx.id.qualified())]
}

pub(super) fn alter(old: &Rule, new: &Rule, cx: &Cx<'_>) -> Alter {
    let mut steps = Vec::new();
    if !same(&old.definition, &new.definition) {
        let sql = statement("create or replace rule", new, cx);
        steps.push(Step::alter(cx.id, sql).lock(LockMode::AccessExclusive, &cx.id.qualified()));
    }
    if old.enabled != new.enabled {
        steps.push(enable(new, cx));
    }
    Alter::in_place(steps)
}
