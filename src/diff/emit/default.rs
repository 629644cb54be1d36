//! Defaults of columns.

use super::{Alter, Cx};
use crate::catalog::{Default, Kind};
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
    vec![Step::alter(cx.id, format!("{} set default {}", alter_column(cx), it.expression))]
}

pub(super) fn drop(_: &Default, cx: &Cx<'_>) -> Vec<Step> {
    vec![Step::alter(cx.id, format!("{} drop default", alter_column(cx)))]
}

pub(super) fn alter(_: &Default, new: &Default, cx: &Cx<'_>) -> Alter {
    Alter::in_place(create(new, cx))
}
