//! Columns.

use super::options::{foreign, foreign_changes, storage, storage_changes};
use super::sequence::{counting, option_changes};
use super::{Alter, Cx};
use crate::catalog::{Catalog, Column, Id, Identity, Kind, NotNull, Object};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

/// What stands in the way of a change of a column's type, and is made again.
const IN_THE_WAY: &[Kind] = &[
    Kind::PublicationTable,
    Kind::View,
    Kind::MaterializedView,
    Kind::Policy,
    Kind::Rule,
    Kind::Trigger,
    Kind::Function,
    Kind::Procedure,
];

/// The column as `create table` has it; `default` is its default's expression.
pub(super) fn definition(id: &Id, it: &Column, default: Option<&str>) -> String {
    let mut text = format!("{} {}", bare_ident(&id.part), it.data_type);
    if !it.foreign_options.is_empty() {
        text.push_str(&format!(" options ({})", foreign(&it.foreign_options)));
    }
    if let Some(method) = &it.compression {
        text.push_str(&format!(" compression {method}"));
    }
    if let Some(collation) = &it.collation {
        text.push_str(&format!(" collate {collation}"));
    }
    text.push_str(&extras(it, default));
    text
}

/// What may follow a column's type and collation.
fn extras(it: &Column, default: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(generated) = &it.generated {
        let how = if generated.stored { "stored" } else { "virtual" };
        text.push_str(&format!(" generated always as ({}) {how}", generated.expression));
    } else if let Some(identity) = &it.identity {
        text.push_str(&format!(" {}", identity_clause(identity)));
    } else if let Some(default) = default {
        text.push_str(&format!(" default {default}"));
    }
    if let Some(not_null) = it.not_null.as_ref().filter(|it| !it.not_valid) {
        text.push_str(&not_null_clause(not_null));
    }
    text
}

fn not_null_clause(it: &NotNull) -> String {
    let name = it.name.as_ref().map_or_else(String::new, |name| format!(" constraint {}", bare_ident(name)));
    format!("{name} not null{}", if it.no_inherit { " no inherit" } else { "" })
}

fn identity_clause(it: &Identity) -> String {
    let (schema, name) = &it.sequence;
    let how = if it.always { "always" } else { "by default" };
    format!(
        "generated {how} as identity (sequence name {}.{}{})",
        bare_ident(schema),
        bare_ident(name),
        counting(&it.options)
    )
}

/// The default of a column in a state.
pub(super) fn default_of<'a>(catalog: &'a Catalog, id: &Id) -> Option<&'a str> {
    match &catalog.get(&id.beside(Kind::Default, &id.part))?.object {
        Object::Default(default) => Some(&default.expression),
        _ => None,
    }
}

/// What `create table` cannot say of a column.
pub(super) fn settings(it: &Column, cx: &Cx<'_>, id: &Id) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut alter = |what: String| {
        steps.push(Step::alter(id, format!("{} alter column {} {what}", table(cx), bare_ident(&id.part))));
    };
    if let Some(storage) = &it.storage {
        alter(format!("set storage {}", storage.to_lowercase()));
    }
    if let Some(target) = it.statistics {
        alter(format!("set statistics {target}"));
    }
    if !it.options.is_empty() {
        alter(format!("set ({})", storage(&it.options)));
    }
    steps
}

/// `alter table only name`, or what the column's relation is.
fn table(cx: &Cx<'_>) -> String {
    let has = |kind: Kind| {
        let id = cx.id.beside(kind, "");
        cx.to.entries.contains_key(&id) || cx.from.entries.contains_key(&id)
    };
    let kind = if has(Kind::ForeignTable) {
        "foreign table"
    } else if has(Kind::MaterializedView) {
        "materialized view"
    } else if has(Kind::View) {
        "view"
    } else if has(Kind::Composite) {
        "type"
    } else {
        "table"
    };
    format!("alter {kind} {}", cx.id.qualified())
}

/// Whether the column's relation keeps it: the columns of a view come from its query.
fn is_of_table(cx: &Cx<'_>) -> bool {
    [Kind::Table, Kind::ForeignTable].iter().any(|kind| {
        let id = cx.id.beside(*kind, "");
        cx.to.entries.contains_key(&id) || cx.from.entries.contains_key(&id)
    })
}

pub(super) fn create(it: &Column, cx: &Cx<'_>) -> Vec<Step> {
    if !is_of_table(cx) || it.inherited {
        return Vec::new();
    }
    let name = cx.id.qualified();
    let default = default_of(cx.to, cx.id);
    let clause = definition(cx.id, it, default);
    let mut step =
        Step::create(cx.id, format!("{} add column {clause}", table(cx))).lock(LockMode::AccessExclusive, &name);
    if it.generated.as_ref().is_some_and(|it| it.stored) || it.identity.is_some() {
        step = step.hazard(HazardKind::Rewrite, format!("writes all of {name} anew"));
    }
    if it.not_null.is_some() && default.is_none() && it.generated.is_none() && it.identity.is_none() {
        step = step.hazard(HazardKind::MayFail, format!("fails where {name} has rows"));
    }
    let mut steps = vec![step];
    steps.extend(settings(it, cx, cx.id));
    steps
}

pub(super) fn drop(it: &Column, cx: &Cx<'_>) -> Vec<Step> {
    if !is_of_table(cx) || it.inherited {
        return Vec::new();
    }
    let step = Step::drop(cx.id, format!("{} drop column {}", table(cx), bare_ident(&cx.id.part)))
        .lock(LockMode::AccessExclusive, &cx.id.qualified());
    vec![if it.generated.is_some() {
        step
    } else {
        step.hazard(HazardKind::DataLoss, format!("all values of {} are lost", cx.id.address()))
    }]
}

pub(super) fn alter(old: &Column, new: &Column, cx: &Cx<'_>) -> Alter {
    if !is_of_table(cx) || new.inherited && old.inherited {
        return Alter::default();
    }
    match (&old.generated, &new.generated) {
        (None, Some(_)) => return Alter::recreate(),
        (Some(before), Some(now)) if before != now && (cx.to.version < 17 || before.stored != now.stored) => {
            return Alter::recreate();
        }
        (Some(before), None) if !before.stored => return Alter::recreate(),
        _ => {}
    }
    let column = bare_ident(&cx.id.part);
    let mut steps = Vec::new();
    let mut disturbs: &'static [Kind] = &[];
    let alter = |what: &str| Step::alter(cx.id, format!("{} alter column {column} {what}", table(cx)));
    if old.generated.is_some() && new.generated.is_none() {
        steps.push(alter("drop expression"));
    }
    if (&old.data_type, &old.collation) != (&new.data_type, &new.collation) {
        disturbs = IN_THE_WAY;
        steps.extend(change_type(old, new, cx));
    }
    if let (Some(before), Some(now)) = (&old.generated, &new.generated)
        && before != now
    {
        disturbs = IN_THE_WAY;
        steps.push(alter(&format!("set expression as ({})", now.expression)));
    }
    steps.extend(change_identity(old, new, &alter));
    steps.extend(change_not_null(old, new, cx, &alter));
    if old.storage != new.storage {
        let word = new.storage.as_ref().map_or_else(|| "default".to_owned(), |word| word.to_lowercase());
        steps.push(alter(&format!("set storage {word}")));
    }
    if old.compression != new.compression {
        steps.push(alter(&format!("set compression {}", new.compression.as_deref().unwrap_or("default"))));
    }
    if old.statistics != new.statistics {
        steps.push(alter(&format!("set statistics {}", new.statistics.unwrap_or(-1))));
    }
    steps.extend(storage_changes(&old.options, &new.options).iter().map(|change| alter(change)));
    steps.extend(foreign_changes(&old.foreign_options, &new.foreign_options).map(|change| alter(&change)));
    Alter::in_place(steps).disturbing(disturbs)
}

/// The type or the collation changes; a default of the old type is taken away before and set again after.
fn change_type(old: &Column, new: &Column, cx: &Cx<'_>) -> Vec<Step> {
    let column = bare_ident(&cx.id.part);
    let table = table(cx);
    let name = cx.id.qualified();
    let mut steps = Vec::new();
    let mut action = format!("alter column {column} type {}", new.data_type);
    if let Some(collation) = &new.collation {
        action.push_str(&format!(" collate {collation}"));
    }
    if old.data_type != new.data_type {
        action.push_str(&format!(" using {column}::{}", new.data_type));
    }
    let (before, after) = (default_of(cx.from, cx.id), default_of(cx.to, cx.id));
    let has_default = before.is_some() && old.generated.is_none() && old.data_type != new.data_type;
    if has_default {
        steps.push(Step::alter(cx.id, format!("{table} alter column {column} drop default")));
    }
    steps.push(
        Step::alter(cx.id, format!("{table} {action}"))
            .lock(LockMode::AccessExclusive, &name)
            .hazard(HazardKind::Rewrite, format!("may write all of {name} and its indexes anew"))
            .hazard(HazardKind::MayFail, format!("fails where a value of {column} is no {}", new.data_type)),
    );
    if has_default && let Some(default) = after {
        steps.push(Step::alter(cx.id, format!("{table} alter column {column} set default {default}")));
    }
    steps
}

fn change_identity(old: &Column, new: &Column, alter: &dyn Fn(&str) -> Step) -> Vec<Step> {
    match (&old.identity, &new.identity) {
        (None, Some(now)) => vec![alter(&format!("add {}", identity_clause(now)))],
        (Some(_), None) => vec![alter("drop identity")],
        (Some(before), Some(now)) => {
            let mut changes = Vec::new();
            if before.always != now.always {
                changes.push(format!("set generated {}", if now.always { "always" } else { "by default" }));
            }
            changes.extend(
                option_changes(&before.options, &now.options)
                    .into_iter()
                    .map(|change| if change.starts_with("restart") { change } else { format!("set {change}") }),
            );
            if changes.is_empty() { Vec::new() } else { vec![alter(&changes.join(" "))] }
        }
        (None, None) => Vec::new(),
    }
}

fn change_not_null(old: &Column, new: &Column, cx: &Cx<'_>, alter: &dyn Fn(&str) -> Step) -> Option<Step> {
    let name = cx.id.qualified();
    match (&old.not_null, &new.not_null) {
        (None, Some(now)) if new.identity.is_none() || old.identity.is_some() || !now.inherited => Some(
            alter("set not null")
                .lock(LockMode::AccessExclusive, &name)
                .hazard(HazardKind::LongScan, format!("reads all of {name}"))
                .hazard(HazardKind::MayFail, format!("fails where {} is null", cx.id.address())),
        ),
        (Some(_), None) => Some(alter("drop not null").lock(LockMode::AccessExclusive, &name)),
        _ => None,
    }
}
