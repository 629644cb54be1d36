//! Aggregate functions.

use super::{Alter, Cx, literal, plain_drop};
use crate::catalog::{Aggregate, AggregateState, Parallel};
use crate::diff::step::Step;

fn statement(word: &str, it: &Aggregate, cx: &Cx<'_>) -> String {
    let arguments = if it.arguments.is_empty() { "*" } else { &it.arguments };
    let mut clauses = state(&it.state, "");
    let functions = [("combinefunc", &it.combine), ("serialfunc", &it.serialize), ("deserialfunc", &it.deserialize)];
    clauses.extend(functions.iter().filter_map(|(name, it)| Some(format!("{name} = {}", it.as_ref()?))));
    clauses.extend(it.moving.iter().flat_map(|moving| state(moving, "m")));
    clauses.extend(it.sort_operator.iter().map(|operator| format!("sortop = {operator}")));
    if it.parallel != Parallel::Unsafe {
        clauses.push(format!("parallel = {}", it.parallel.sql()));
    }
    if it.hypothetical {
        clauses.push("hypothetical".to_owned());
    }
    format!("{word} aggregate {}({arguments}) (\n    {}\n)", cx.id.qualified(), clauses.join(",\n    "))
}

/// The clauses of a state; `m` before their names makes them those of a moving one.
fn state(it: &AggregateState, m: &str) -> Vec<String> {
    let mut clauses = vec![format!("{m}sfunc = {}", it.transition)];
    clauses.extend(it.inverse.iter().map(|function| format!("minvfunc = {function}")));
    clauses.push(format!("{m}stype = {}", it.data_type));
    if it.space != 0 {
        clauses.push(format!("{m}sspace = {}", it.space));
    }
    clauses.extend(it.last.iter().map(|function| format!("{m}finalfunc = {function}")));
    if it.last_extra {
        clauses.push(format!("{m}finalfunc_extra"));
    }
    clauses.extend(it.last_modify.iter().map(|how| format!("{m}finalfunc_modify = {how}")));
    clauses.extend(it.initial.iter().map(|text| format!("{m}initcond = {}", literal(text))));
    clauses
}

pub(super) fn create(it: &Aggregate, cx: &Cx<'_>) -> Vec<Step> {
    vec![Step::create(cx.id, statement("create", it, cx))]
}

pub(super) fn drop(_: &Aggregate, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &Aggregate, new: &Aggregate, cx: &Cx<'_>) -> Alter {
    let signature = |it: &Aggregate| (it.arguments.clone(), it.returns.clone(), it.hypothetical);
    if signature(old) != signature(new) {
        return Alter::recreate();
    }
    Alter::in_place(vec![Step::alter(cx.id, statement("create or replace", new, cx))])
}
