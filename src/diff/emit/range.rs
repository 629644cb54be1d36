//! Range types.

use super::{Alter, Cx, aside};
use crate::catalog::Range;
use crate::diff::step::Step;
use crate::text::bare_ident;

pub(super) fn create(it: &Range, cx: &Cx<'_>) -> Vec<Step> {
    let mut parts = vec![format!("subtype = {}", it.subtype)];
    let (schema, multirange) = &it.multirange;
    parts.push(format!("multirange_type_name = {}.{}", bare_ident(schema), bare_ident(multirange)));
    let options = [
        ("subtype_opclass", &it.operator_class),
        ("collation", &it.collation),
        ("canonical", &it.canonical),
        ("subtype_diff", &it.difference),
    ];
    parts.extend(options.iter().filter_map(|(name, value)| Some(format!("{name} = {}", value.as_ref()?))));
    vec![Step::create(cx.id, format!("create type {} as range ({})", cx.id.address(), parts.join(", ")))]
}

pub(super) fn drop(_: &Range, cx: &Cx<'_>) -> Vec<Step> {
    aside::drop(cx)
}

pub(super) fn alter(old: &Range, new: &Range, cx: &Cx<'_>) -> Alter {
    let same = Range { multirange: old.multirange.clone(), ..new.clone() };
    if same != *old || old.multirange.0 != new.multirange.0 {
        return Alter::recreate();
    }
    let (schema, before) = &old.multirange;
    let name = format!("{}.{}", bare_ident(schema), bare_ident(before));
    // Its functions keep their old names, as `alter type` has it.
    vec![Step::alter(cx.id, format!("alter type {name} rename to {}", bare_ident(&new.multirange.1)))].into()
}
