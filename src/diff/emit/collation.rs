//! Collations.

use super::{Alter, Cx, aside, literal};
use crate::catalog::Collation;
use crate::diff::step::Step;

pub(super) fn create(it: &Collation, cx: &Cx<'_>) -> Vec<Step> {
    let mut parts = vec![format!("provider = {}", it.provider)];
    let texts =
        [("locale", &it.locale), ("lc_collate", &it.lc_collate), ("lc_ctype", &it.lc_ctype), ("rules", &it.rules)];
    parts.extend(texts.iter().filter_map(|(name, value)| Some(format!("{name} = {}", literal(value.as_ref()?)))));
    if !it.deterministic {
        parts.push("deterministic = false".to_owned());
    }
    vec![Step::create(cx.id, format!("create collation {} ({})", cx.id.address(), parts.join(", ")))]
}

pub(super) fn drop(_: &Collation, cx: &Cx<'_>) -> Vec<Step> {
    aside::drop(cx)
}

pub(super) fn alter(_: &Collation, _: &Collation, _: &Cx<'_>) -> Alter {
    // Nothing but its name, schema and owner can be altered.
    Alter::recreate()
}
