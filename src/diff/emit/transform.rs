//! Transforms.

use super::{Alter, Cx, plain_drop};
use crate::catalog::Transform;
use crate::diff::step::Step;

fn statement(word: &str, it: &Transform, cx: &Cx<'_>) -> String {
    let ways = [("from", &it.from_sql), ("to", &it.to_sql)];
    let ways: Vec<String> =
        ways.iter().filter_map(|(way, it)| Some(format!("{way} sql with function {}", it.as_ref()?))).collect();
    format!("{word} transform {} ({})", cx.id.address(), ways.join(", "))
}

pub(super) fn create(it: &Transform, cx: &Cx<'_>) -> Vec<Step> {
    vec![Step::create(cx.id, statement("create", it, cx))]
}

pub(super) fn drop(_: &Transform, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(_: &Transform, new: &Transform, cx: &Cx<'_>) -> Alter {
    Alter::in_place(vec![Step::alter(cx.id, statement("create or replace", new, cx))])
}
