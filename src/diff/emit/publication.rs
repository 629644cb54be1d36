//! Publications.

use super::publication_table::published;
use super::{Alter, Cx, plain_drop};
use crate::catalog::{Kind, Object, Publication};
use crate::diff::step::Step;
use crate::risk::HazardKind;
use crate::text::bare_ident;

fn publish(it: &Publication) -> String {
    format!("publish = '{}'", it.publish.join(", "))
}

fn via_root(it: &Publication) -> String {
    format!("publish_via_partition_root = {}", it.via_root)
}

fn generated(it: &Publication) -> String {
    format!("publish_generated_columns = {}", if it.generated_columns { "stored" } else { "none" })
}

fn options(it: &Publication) -> String {
    let mut options = Vec::new();
    if it.publish.len() != 4 {
        options.push(publish(it));
    }
    if it.via_root {
        options.push(via_root(it));
    }
    if it.generated_columns {
        options.push(generated(it));
    }
    if options.is_empty() { String::new() } else { format!("\nwith ({})", options.join(", ")) }
}

pub(super) fn create(it: &Publication, cx: &Cx<'_>) -> Vec<Step> {
    let members = cx.to.entries.iter().filter(|(id, _)| id.part == cx.id.name);
    let mut what: Vec<String> = Vec::new();
    let mut schemas: Vec<String> = Vec::new();
    for (id, entry) in members {
        match &entry.object {
            Object::PublicationTable(table) => what.push(published(id, table)),
            Object::PublicationSchema(_) if id.kind == Kind::PublicationSchema => {
                schemas.push(bare_ident(&id.name).into_owned());
            }
            _ => {}
        }
    }
    what.sort();
    let tables = (!what.is_empty()).then(|| format!("table {}", what.join(", ")));
    let schemas = (!schemas.is_empty()).then(|| format!("tables in schema {}", schemas.join(", ")));
    let all = it.all_tables.then(|| "all tables".to_owned());
    let of: Vec<String> = all.into_iter().chain(tables).chain(schemas).collect();
    let of = if of.is_empty() { String::new() } else { format!(" for {}", of.join(", ")) };
    vec![Step::create(cx.id, format!("create publication {}{of}{}", cx.id.address(), options(it)))]
}

pub(super) fn drop(_: &Publication, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx).hazard(HazardKind::Untracked, format!("subscriptions to {} get nothing more", cx.id))]
}

pub(super) fn alter(old: &Publication, new: &Publication, cx: &Cx<'_>) -> Alter {
    if old.all_tables != new.all_tables {
        return Alter::recreate();
    }
    let mut changes = Vec::new();
    if old.publish != new.publish {
        changes.push(publish(new));
    }
    if old.via_root != new.via_root {
        changes.push(via_root(new));
    }
    if old.generated_columns != new.generated_columns {
        changes.push(generated(new));
    }
    if changes.is_empty() {
        return Alter::default();
    }
    let sql = format!("alter publication {} set ({})", cx.id.address(), changes.join(", "));
    let text = format!("subscriptions to {} get other changes", cx.id);
    Alter::in_place(vec![Step::alter(cx.id, sql).hazard(HazardKind::Untracked, text)])
}
