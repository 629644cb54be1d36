//! Access methods of tables and indexes.

use super::{Alter, Cx, plain_drop};
use crate::catalog::AccessMethod;
use crate::diff::step::Step;

pub(super) fn create(it: &AccessMethod, cx: &Cx<'_>) -> Vec<Step> {
    let sql = format!("create access method {} type {} handler {}", cx.id.address(), it.what, it.handler);
    vec![Step::create(cx.id, sql)]
}

pub(super) fn drop(_: &AccessMethod, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

/// No statement changes one.
pub(super) fn alter(_: &AccessMethod, _: &AccessMethod, _: &Cx<'_>) -> Alter {
    Alter::recreate()
}
