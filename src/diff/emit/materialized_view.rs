//! Materialized views.

use super::column::settings;
use super::options::{storage, storage_changes};
use super::text::same;
use super::view::body;
use super::{Alter, Cx, plain_drop};
use crate::catalog::{MaterializedView, Object};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

pub(super) fn create(it: &MaterializedView, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    let (columns, query) = body(&it.query, cx);
    let mut parts = vec![format!("create materialized view {name}{columns}")];
    parts.extend(it.access_method.as_ref().map(|method| format!("using {}", bare_ident(method))));
    parts.extend((!it.options.is_empty()).then(|| format!("with ({})", storage(&it.options))));
    parts.extend(it.tablespace.as_ref().map(|tablespace| format!("tablespace {}", bare_ident(tablespace))));
    let sql = format!("{} as\n{query}", parts.join("\n"));
    // One that held rows before it was made again holds rows afterwards.
    let held = match cx.from.get(cx.id).map(|entry| &entry.object) {
        Some(Object::MaterializedView(old)) => old.populated,
        _ => false,
    };
    let step = if it.populated || held {
        Step::create(cx.id, sql).hazard(HazardKind::LongScan, format!("runs the query of {name} to its end"))
    } else {
        Step::create(cx.id, format!("{sql}\nwith no data"))
    };
    let mut steps = vec![step];
    for (id, _, column) in cx.to.columns(cx.id) {
        steps.extend(settings(column, &Cx { id, ..*cx }, id));
    }
    steps
}

/// Its rows are no loss: its query makes them again.
pub(super) fn drop(_: &MaterializedView, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx).lock(LockMode::AccessExclusive, &cx.id.address())]
}

pub(super) fn alter(old: &MaterializedView, new: &MaterializedView, cx: &Cx<'_>) -> Alter {
    // PostgreSQL 14 cannot change the access method.
    if !same(&old.query, &new.query) || old.access_method != new.access_method && cx.from.version < 15 {
        return Alter::recreate();
    }
    let name = cx.id.address();
    let alter = |what: String| {
        // Which lock that takes `locks` says: parameters take a weaker one.
        Step::alter(cx.id, format!("alter materialized view {name} {what}"))
    };
    let mut steps = Vec::new();
    if old.access_method != new.access_method {
        let method = bare_ident(new.access_method.as_deref().unwrap_or("heap")).into_owned();
        steps.push(
            alter(format!("set access method {method}"))
                .hazard(HazardKind::Rewrite, format!("writes all of {name} anew")),
        );
    }
    if old.tablespace != new.tablespace {
        let tablespace = bare_ident(new.tablespace.as_deref().unwrap_or("pg_default")).into_owned();
        steps.push(
            alter(format!("set tablespace {tablespace}")).hazard(HazardKind::Rewrite, format!("copies all of {name}")),
        );
    }
    steps.extend(storage_changes(&old.options, &new.options).into_iter().map(alter));
    Alter::in_place(steps)
}
