//! The schemas of publications.

use super::{Alter, Cx};
use crate::catalog::{Id, Kind, PublicationSchema};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

pub(super) fn create(_: &PublicationSchema, cx: &Cx<'_>) -> Vec<Step> {
    let publication = bare_ident(&cx.id.part);
    let sql = format!("alter publication {publication} add tables in schema {}", cx.id.qualified());
    vec![Step::create(cx.id, sql)]
}

pub(super) fn drop(_: &PublicationSchema, cx: &Cx<'_>) -> Vec<Step> {
    // It goes with its schema.
    let schema = Id::new(Kind::Schema, "", &cx.id.name);
    if !cx.to.entries.contains_key(&schema) && !cx.from.outside.contains(&schema) {
        return Vec::new();
    }
    let name = cx.id.qualified();
    let publication = bare_ident(&cx.id.part);
    let step = Step::drop(cx.id, format!("alter publication {publication} drop tables in schema {name}"));
    vec![step.hazard(HazardKind::Untracked, format!("subscriptions to {publication} get no changes in schema {name}"))]
}

pub(super) fn alter(_: &PublicationSchema, _: &PublicationSchema, _: &Cx<'_>) -> Alter {
    Alter::default()
}
