//! Casts.

use super::facets::comment;
use super::{Alter, Cx, plain_drop};
use crate::catalog::{Cast, CastContext};
use crate::diff::step::Step;

pub(super) fn create(it: &Cast, cx: &Cx<'_>) -> Vec<Step> {
    let how = match &it.function {
        Some(function) => format!("with function {function}"),
        None if it.inout => "with inout".to_owned(),
        None => "without function".to_owned(),
    };
    let context = match it.context {
        CastContext::Explicit => "",
        CastContext::Assignment => " as assignment",
        CastContext::Implicit => " as implicit",
    };
    vec![Step::create(cx.id, format!("create cast {} {how}{context}", cx.id.address()))]
}

pub(super) fn drop(_: &Cast, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &Cast, new: &Cast, cx: &Cx<'_>) -> Alter {
    if (&old.function, old.inout) != (&new.function, new.inout) {
        return Alter::recreate();
    }
    // Nothing that was made with the cast knows when it is done unasked, so that only the cast itself is made again.
    let mut steps = drop(old, cx);
    steps.extend(create(new, cx));
    steps.extend(cx.entry.comment.as_ref().and_then(|text| comment(Some(text), cx)));
    Alter::in_place(steps)
}
