//! Defaults of columns.

use super::column::count_on;
use super::text::faithful;
use super::{Alter, Cx};
use crate::catalog::{Default, Kind, Object};
use crate::diff::step::Step;
use crate::text::bare_ident;

/// The beginning of a statement that alters the default's column.
fn alter_column(cx: &Cx<'_>) -> String {
    let view = cx.to.entries.contains_key(&cx.id.beside(Kind::View, ""))
        || cx.from.entries.contains_key(&cx.id.beside(Kind::View, ""));
    // A child's default is its own.
    let what = if view { "view" } else { "table only" };
    format!("alter {what} {} alter column {}", cx.id.qualified(), bare_ident(&cx.id.part))
}

pub(super) fn create(it: &Default, cx: &Cx<'_>) -> Vec<Step> {
    let mut steps = vec![Step::alter(cx.id, format!("{} set default {}", alter_column(cx), faithful(&it.expression)))];
    // A sequence that takes an identity's place goes on where that stood.
    let had_identity = match cx.from.get(&cx.id.beside(Kind::Column, &cx.id.part)).map(|entry| &entry.object) {
        Some(Object::Column(column)) => column.identity.is_some(),
        _ => false,
    };
    let sequence = it.expression.strip_prefix("nextval(").and_then(|it| it.strip_suffix("::regclass)"));
    if had_identity && let Some(sequence) = sequence {
        steps.push(count_on(sequence, cx));
    }
    steps
}

pub(super) fn drop(_: &Default, cx: &Cx<'_>) -> Vec<Step> {
    vec![Step::alter(cx.id, format!("{} drop default", alter_column(cx)))]
}

pub(super) fn alter(_: &Default, new: &Default, cx: &Cx<'_>) -> Alter {
    Alter::in_place(create(new, cx))
}
