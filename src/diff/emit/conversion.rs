//! Conversions between encodings.

use super::options::literal;
use super::{Alter, Cx, plain_drop};
use crate::catalog::Conversion;
use crate::diff::step::Step;

pub(super) fn create(it: &Conversion, cx: &Cx<'_>) -> Vec<Step> {
    let default = if it.default { "default " } else { "" };
    let sql = format!(
        "create {default}conversion {} for {} to {} from {}",
        cx.id.address(),
        literal(&it.source),
        literal(&it.target),
        it.function
    );
    vec![Step::create(cx.id, sql)]
}

pub(super) fn drop(_: &Conversion, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

/// No statement changes one.
pub(super) fn alter(_: &Conversion, _: &Conversion, _: &Cx<'_>) -> Alter {
    Alter::recreate()
}
