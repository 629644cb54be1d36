//! Schemas.

use super::{Alter, Cx, plain_drop};
use crate::catalog::Schema;
use crate::diff::step::Step;

pub(super) fn create(_: &Schema, cx: &Cx<'_>) -> Vec<Step> {
    // A database has it from the beginning, and may have lost it.
    let guard = if cx.id.name == "public" { "if not exists " } else { "" };
    vec![Step::create(cx.id, format!("create schema {guard}{}", cx.id.address()))]
}

pub(super) fn drop(_: &Schema, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(_: &Schema, _: &Schema, _: &Cx<'_>) -> Alter {
    Alter::default()
}
