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
    Kind::View,
    Kind::MaterializedView,
    Kind::Policy,
    Kind::Rule,
    Kind::Trigger,
    Kind::Publication,
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

/// What a column of a typed table has beside its type.
pub(super) fn with_options(id: &Id, it: &Column, default: Option<&str>) -> Option<String> {
    let extras = extras(it, default);
    (!extras.is_empty()).then(|| format!("{} with options{extras}", bare_ident(&id.part)))
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
        let id_part = bare_ident(&id.part);
        steps.push(Step::alter(id, format!("{} alter column {id_part} {what}", alone(cx))));
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

/// What a column that came with a parent's has otherwise than that.
pub(super) fn differing_from_parent(it: &Column, cx: &Cx<'_>) -> Vec<Step> {
    let Some((above, parent)) = cx.given_column(it) else { return Vec::new() };
    let column = bare_ident(&cx.id.part);
    let alter = |what: &str| Step::alter(cx.id, format!("{} alter column {column} {what}", alone(cx)));
    let mut steps = Vec::new();
    let default = default_of(cx.to, cx.id);
    if it.generated.is_none() && default != default_of(cx.to, &above) {
        steps.push(alter(&default.map_or_else(|| "drop default".to_owned(), |it| format!("set default {it}"))));
    }
    if it.not_null.is_some() != parent.not_null.is_some() {
        steps.push(alter(if it.not_null.is_some() { "set not null" } else { "drop not null" }));
    }
    if let Some(identity) = &it.identity {
        steps.push(alter(&format!("add {}", identity_clause(identity))));
    }
    steps
}

/// `alter table only name`: what is said of a column is said of its children's too, where they are not left out.
fn alone(cx: &Cx<'_>) -> String {
    let name = cx.id.qualified();
    let table = table(cx);
    if is_of_table(cx) { table.replacen(&name, &format!("only {name}"), 1) } else { table }
}

/// `alter table name`, or what the column's relation is.
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

/// Whether its values are elsewhere: nothing here writes, reads or loses them.
fn is_foreign(cx: &Cx<'_>) -> bool {
    cx.to.entries.contains_key(&cx.id.beside(Kind::ForeignTable, ""))
}

/// Whether the column is an attribute of the composite type that its table was, is and stays made of.
fn is_of_type(cx: &Cx<'_>) -> bool {
    let of = |state: &Catalog| match state.get(&cx.id.beside(Kind::Table, "")).map(|it| &it.object) {
        Some(Object::Table(table)) => table.of_type.clone(),
        _ => None,
    };
    of(cx.from).is_some() && of(cx.from) == of(cx.to)
}

pub(super) fn create(it: &Column, cx: &Cx<'_>) -> Vec<Step> {
    if !is_of_table(cx) || is_of_type(cx) {
        return Vec::new();
    }
    if cx.given_column(it).is_some() {
        let mut steps = differing_from_parent(it, cx);
        steps.extend(settings(it, cx, cx.id));
        return steps;
    }
    let name = cx.id.qualified();
    let default = default_of(cx.to, cx.id);
    if is_foreign(cx) {
        let clause = definition(cx.id, it, default);
        let mut steps = vec![Step::create(cx.id, format!("{} add column {clause}", table(cx)))];
        steps.extend(settings(it, cx, cx.id));
        return steps;
    }
    // Before PostgreSQL 17 only what has no children can be given such a column in one go.
    let later = it.identity.as_ref().filter(|_| cx.to.version < 17 && cx.from.children(cx.id).next().is_some());
    let clause = if later.is_some() {
        definition(cx.id, &Column { identity: None, ..it.clone() }, None)
    } else {
        definition(cx.id, it, default)
    };
    let mut step =
        Step::create(cx.id, format!("{} add column {clause}", table(cx))).lock(LockMode::AccessExclusive, &name);
    if it.generated.as_ref().is_some_and(|it| it.stored) || it.identity.is_some() {
        step = step.hazard(HazardKind::Rewrite, format!("writes all of {name} anew"));
    }
    if it.not_null.is_some() && default.is_none() && it.generated.is_none() && it.identity.is_none() {
        step = step.hazard(HazardKind::MayFail, format!("fails where {name} has rows"));
    }
    let mut steps = vec![step];
    steps.extend(later.map(|identity| {
        let clause = identity_clause(identity);
        Step::alter(cx.id, format!("{} alter column {} add {clause}", alone(cx), bare_ident(&cx.id.part)))
    }));
    steps.extend(settings(it, cx, cx.id));
    steps
}

pub(super) fn drop(it: &Column, cx: &Cx<'_>) -> Vec<Step> {
    if !is_of_table(cx) || is_of_type(cx) || it.inherited && cx.goes_with_parent() {
        return Vec::new();
    }
    let table = if cx.is_dropped_alone() { alone(cx) } else { table(cx) };
    let step = Step::drop(cx.id, format!("{table} drop column {}", bare_ident(&cx.id.part)))
        .lock(LockMode::AccessExclusive, &cx.id.qualified());
    vec![if it.generated.is_some() || is_foreign(cx) {
        step
    } else {
        step.hazard(HazardKind::DataLoss, format!("all values of {} are lost", cx.id.address()))
    }]
}

pub(super) fn alter(old: &Column, new: &Column, cx: &Cx<'_>) -> Alter {
    if !is_of_table(cx) {
        return Alter::default();
    }
    // What is done to a parent's column or a type's attribute is done to this one.
    let is_led = cx.parent_column().is_some() || is_of_type(cx);
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
    let alter_alone = |what: &str| Step::alter(cx.id, format!("{} alter column {column} {what}", alone(cx)));
    if old.generated.is_some() && new.generated.is_none() && !is_led {
        steps.push(alter("drop expression"));
    }
    if (&old.data_type, &old.collation) != (&new.data_type, &new.collation) {
        disturbs = IN_THE_WAY;
        steps.extend(if is_led {
            default_after(old, new, cx).into_iter().collect()
        } else {
            change_type(old, new, cx)
        });
    }
    if let (Some(before), Some(now)) = (&old.generated, &new.generated)
        && before != now
    {
        disturbs = IN_THE_WAY;
        steps.extend((!is_led).then(|| alter(&format!("set expression as ({})", now.expression))));
    }
    steps.extend(change_identity(old, new, &alter));
    steps.extend(change_not_null(old, new, cx));
    if old.storage != new.storage {
        let word = new.storage.as_ref().map_or_else(|| "default".to_owned(), |word| word.to_lowercase());
        steps.push(alter_alone(&format!("set storage {word}")));
    }
    if old.compression != new.compression {
        steps.push(alter_alone(&format!("set compression {}", new.compression.as_deref().unwrap_or("default"))));
    }
    if old.statistics != new.statistics {
        steps.push(alter_alone(&format!("set statistics {}", new.statistics.unwrap_or(-1))));
    }
    steps.extend(storage_changes(&old.options, &new.options).iter().map(|change| alter_alone(change)));
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
    // What is elsewhere is not turned into anything.
    if old.data_type != new.data_type && !is_foreign(cx) {
        action.push_str(&format!(" using {column}::{}", new.data_type));
    }
    let has_default = default_of(cx.from, cx.id).is_some() && old.generated.is_none() && old.data_type != new.data_type;
    if has_default {
        steps.push(Step::alter(cx.id, format!("{table} alter column {column} drop default")));
    }
    let step = Step::alter(cx.id, format!("{table} {action}"));
    steps.push(if is_foreign(cx) {
        step
    } else {
        step.lock(LockMode::AccessExclusive, &name)
            .hazard(HazardKind::Rewrite, format!("may write all of {name} and its indexes anew"))
            .hazard(HazardKind::MayFail, format!("fails where a value of {column} is no {}", new.data_type))
    });
    steps.extend(default_after(old, new, cx));
    steps
}

/// The default that was taken away while the type changed, here or above.
fn default_after(old: &Column, new: &Column, cx: &Cx<'_>) -> Option<Step> {
    let had_default = default_of(cx.from, cx.id).is_some() && old.generated.is_none();
    let default = default_of(cx.to, cx.id).filter(|_| had_default && old.data_type != new.data_type)?;
    let column = bare_ident(&cx.id.part);
    Some(Step::alter(cx.id, format!("{} alter column {column} set default {default}", alone(cx))))
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

/// A partition's column follows the partitioned table's; other children are told by themselves, but from PostgreSQL 18 on
/// they inherit it like any constraint.
fn change_not_null(old: &Column, new: &Column, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.qualified();
    let column = bare_ident(&cx.id.part);
    let follows = |it: &NotNull| cx.to.is_partition(cx.id) || it.inherited;
    let above = cx.parent_column();
    match (&old.not_null, &new.not_null) {
        (None, Some(now)) => {
            if follows(now) && above.is_some_and(|(_, column)| column.not_null.is_some()) {
                return Vec::new();
            }
            let table = if cx.to.version >= 18 && !now.no_inherit { table(cx) } else { only(cx) };
            let step = Step::alter(cx.id, format!("{table} alter column {column} set not null"));
            if is_foreign(cx) {
                return vec![step];
            }
            vec![
                step.lock(LockMode::AccessExclusive, &name)
                    .hazard(HazardKind::LongScan, format!("reads all of {name}"))
                    .hazard(HazardKind::MayFail, format!("fails where {} is null", cx.id.address())),
            ]
        }
        (Some(was), None) => {
            let is_done = above.is_some_and(|(id, now)| {
                now.not_null.is_none() && cx.from.column(&id, &id.part).is_some_and(|was| was.not_null.is_some())
            });
            if follows(was) && is_done {
                return Vec::new();
            }
            let sql = format!("{} alter column {column} drop not null", only(cx));
            let mut steps = vec![Step::alter(cx.id, sql).lock(LockMode::AccessExclusive, &name)];
            steps.extend(kept_not_null(cx));
            steps
        }
        _ => Vec::new(),
    }
}

/// `alter table only name`, or without `only` where partitions must follow.
fn only(cx: &Cx<'_>) -> String {
    if cx.only().is_empty() { table(cx) } else { alone(cx) }
}

/// Partitions that are to stay `not null` where the partitioned table no longer is.
fn kept_not_null(cx: &Cx<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    if !cx.to.is_partitioned(cx.id) {
        return steps;
    }
    for (id, _) in cx.to.children(cx.id) {
        let below = id.beside(Kind::Column, &cx.id.part);
        let is_not_null = |state: &Catalog| state.column(&below, &below.part).is_some_and(|it| it.not_null.is_some());
        if is_not_null(cx.from) && is_not_null(cx.to) {
            let column = bare_ident(&below.part);
            steps
                .push(Step::alter(cx.id, format!("alter table {} alter column {column} set not null", id.qualified())));
        } else {
            steps.extend(kept_not_null(&Cx { id: &below, ..*cx }));
        }
    }
    steps
}
