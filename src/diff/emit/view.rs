//! Views.

use super::options::{storage, storage_changes};
use super::text::{faithful, same, values};
use super::{Alter, Cx, plain_drop};
use crate::catalog::{Catalog, Id, Object, Options, View};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

pub(super) fn create(it: &View, cx: &Cx<'_>) -> Vec<Step> {
    let step = Step::create(cx.id, statement("create view", it, cx));
    vec![match cx.from.get(cx.id).map(|entry| &entry.object) {
        Some(Object::View(old)) => widened(step, old, it, cx),
        _ => step,
    }]
}

/// `create view name … as query`.
fn statement(create: &str, it: &View, cx: &Cx<'_>) -> String {
    let options = if it.options.is_empty() { String::new() } else { format!(" with ({})", storage(&it.options)) };
    let check = it.check_option.as_ref().map_or_else(String::new, |how| format!("\nwith {how} check option"));
    let (columns, query) = body(&it.query, cx);
    format!("{create} {}{columns}{options} as\n{query}{check}", cx.id.address())
}

/// The names of a view's columns, where they have to stand for themselves, and its query.
pub(super) fn body(query: &str, cx: &Cx<'_>) -> (String, String) {
    let columns = cx.to.columns(cx.id);
    let names: Vec<&str> = columns.iter().map(|(id, _, _)| id.part.as_str()).collect();
    match values(query, &names) {
        Some((list, rows)) => (list, faithful(rows).into_owned()),
        None => (String::new(), faithful(query).into_owned()),
    }
}

/// A view with the columns of this one and nothing to show, which needs no more than their types: what stands in a circle
/// with the view can be made, or taken away, while it stands there.
pub fn dummy(create: &str, id: &Id, catalog: &Catalog) -> String {
    let columns: Vec<String> = catalog
        .columns(id)
        .iter()
        .map(|(id, _, column)| {
            let collation = column.collation.as_ref().map_or_else(String::new, |it| format!(" collate {it}"));
            format!("null::{}{collation} as {}", column.data_type, bare_ident(&id.part))
        })
        .collect();
    format!("{create} {} as\nselect\n    {}", id.address(), columns.join(",\n    "))
}

/// Puts the view in the place of its dummy.
pub fn fill(cx: &Cx<'_>) -> Vec<Step> {
    match &cx.entry.object {
        Object::View(it) => vec![Step::alter(cx.id, statement("create or replace view", it, cx))],
        _ => Vec::new(),
    }
}

pub(super) fn drop(_: &View, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &View, new: &View, cx: &Cx<'_>) -> Alter {
    if !same(&old.query, &new.query) {
        if !grows(cx) {
            return Alter::recreate();
        }
        let step = Step::alter(cx.id, statement("create or replace view", new, cx));
        return Alter::in_place(vec![widened(step.lock(LockMode::AccessExclusive, &cx.id.address()), old, new, cx)]);
    }
    let name = cx.id.address();
    // What checks the rows that are written is an option like the others, in another's clothes.
    let all = |it: &View| -> Options {
        let check = it.check_option.iter().map(|how| ("check_option".to_owned(), how.clone()));
        it.options.iter().cloned().chain(check).collect()
    };
    let changes = storage_changes(&all(old), &all(new));
    let steps = changes.into_iter().map(|change| {
        widened(Step::alter(cx.id, format!("alter view {name} {change}")), old, new, cx)
            .lock(LockMode::AccessExclusive, &name)
    });
    Alter::in_place(steps.collect())
}

/// Whether all columns stay what and where they are, and others at most follow.
fn grows(cx: &Cx<'_>) -> bool {
    let (old, new) = (cx.from.columns(cx.id), cx.to.columns(cx.id));
    old.len() <= new.len()
        && old.iter().zip(&new).all(|((before, _, old), (now, _, new))| {
            before == now && old.data_type == new.data_type && old.collation == new.collation
        })
}

/// Says where somebody sees or writes more than before.
fn widened(mut step: Step, old: &View, new: &View, cx: &Cx<'_>) -> Step {
    let name = cx.id.address();
    let has = |it: &View, option: &str| {
        it.options.iter().any(|(name, value)| name == option && matches!(value.as_str(), "true" | "on" | "1" | "yes"))
    };
    let lost = |option: &str| has(old, option) && !has(new, option);
    if lost("security_invoker") {
        let text = format!("{name} reads with what its owner may, no longer with what its reader may");
        step = step.hazard(HazardKind::PermissionWidened, text);
    }
    if lost("security_barrier") {
        let text = format!("functions in a query on {name} may see rows that it leaves out");
        step = step.hazard(HazardKind::PermissionWidened, text);
    }
    if old.check_option.is_some() && new.check_option.is_none() {
        let text = format!("rows may be written through {name} that it does not show");
        step = step.hazard(HazardKind::PermissionWidened, text);
    }
    step
}
