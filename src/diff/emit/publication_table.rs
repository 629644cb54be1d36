//! The tables of publications.

use super::text::faithful;
use super::{Alter, Cx};
use crate::catalog::{Id, Kind, PublicationTable};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

/// A table as it stands in a publication: `only public.orders (id, total) where (total > 0)`.
///
/// Without `only` the tables that inherit from it would be put in too, which are members of their own.
pub(super) fn published(id: &Id, it: &PublicationTable) -> String {
    let columns: Vec<_> = it.columns.iter().map(|column| bare_ident(column)).collect();
    let columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
    let filter = it.filter.as_ref().map_or_else(String::new, |filter| format!(" where ({})", faithful(filter)));
    format!("only {}{columns}{filter}", id.qualified())
}

pub(super) fn create(it: &PublicationTable, cx: &Cx<'_>) -> Vec<Step> {
    let sql = format!("alter publication {} add table {}", bare_ident(&cx.id.part), published(cx.id, it));
    vec![Step::create(cx.id, sql)]
}

pub(super) fn drop(_: &PublicationTable, cx: &Cx<'_>) -> Vec<Step> {
    let is_kept = |kind| cx.to.entries.contains_key(&Id::new(kind, &cx.id.schema, &cx.id.name));
    let is_outside = |kind| cx.from.outside.contains(&Id::new(kind, &cx.id.schema, &cx.id.name));
    // It goes with its table.
    if !is_kept(Kind::Table) && !is_outside(Kind::Table) {
        return Vec::new();
    }
    let name = cx.id.qualified();
    let publication = bare_ident(&cx.id.part);
    let step = Step::drop(cx.id, format!("alter publication {publication} drop table only {name}"));
    vec![step.hazard(HazardKind::Untracked, format!("subscriptions to {publication} get no changes of {name}"))]
}

pub(super) fn alter(_: &PublicationTable, _: &PublicationTable, _: &Cx<'_>) -> Alter {
    // `set table` would have to name all tables again.
    Alter::recreate()
}
