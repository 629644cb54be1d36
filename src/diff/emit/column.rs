//! Columns.

use super::column_type::{IN_THE_WAY, change_type, is_of_strict_domain, is_volatile, restored_statistics};
use super::options::{foreign, foreign_changes, storage, storage_changes};
use super::sequence::{counting, differing_from_table, move_inside, narrowed, option_changes};
use super::stand_in::stand_in;
use super::text::{faithful, same};
use super::{Alter, Cx, literal, not_null};
use crate::catalog::{Catalog, Column, Generated, Id, Identity, Kind, NotNull, Object, SequenceOptions};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

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
        text.push_str(&format!(" generated always as ({}) {how}", faithful(&generated.expression)));
    } else if let Some(identity) = &it.identity {
        text.push_str(&format!(" {}", identity_clause(identity)));
    } else if let Some(default) = default {
        text.push_str(&format!(" default {}", faithful(default)));
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

/// The default that a column is made with.
pub(super) fn made_default<'a>(cx: &Cx<'a>, id: &Id) -> Option<&'a str> {
    default_of(cx.to, id).filter(|_| !cx.apart.contains(&id.beside(Kind::Default, &id.part)))
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
    if let Some(method) = it.compression.as_ref().filter(|_| is_of_materialized_view(cx)) {
        alter(format!("set compression {method}"));
    }
    if let Some(target) = it.statistics {
        alter(format!("set statistics {target}"));
    }
    if !it.options.is_empty() {
        alter(format!("set ({})", storage(&it.options)));
    }
    steps.extend(it.identity.as_ref().and_then(|identity| differing_from_table(identity, cx, id)));
    if let (Some(now), Some(entry)) = (&it.not_null, cx.to.get(id)) {
        let cx = Cx { id, entry, ..*cx };
        if now.not_valid {
            steps.push(Step::alter(id, format!("{} {}", table(&cx), not_null::add_not_valid(now, &cx))));
        }
        steps.extend(not_null::comment(None, now, &cx));
    }
    steps
}

/// The column as `create table` has it where a parent has it too, which it is merged with.
pub(super) fn merged(it: &Column, cx: &Cx<'_>) -> Option<Column> {
    let mut merged = Column { compression: None, ..it.clone() };
    cx.merged_columns().next()?;
    // Before PostgreSQL 16 what is generated is what the parent's is.
    if cx.to.version < 16 && cx.merged_columns().any(|parent| parent.generated == it.generated) {
        merged.generated = None;
    }
    if it.not_null.as_ref().is_some_and(|it| it.inherited) {
        merged.not_null = None;
    }
    Some(merged)
}

/// What a column that came with a parent's has otherwise than that.
pub(super) fn differing_from_parent(it: &Column, cx: &Cx<'_>) -> Vec<Step> {
    let column = bare_ident(&cx.id.part);
    let alter = |what: &str| Step::alter(cx.id, format!("{} alter column {column} {what}", alone(cx)));
    let mut steps = Vec::new();
    let is_new = cx.comes(&cx.id.beside(Kind::Table, "")) || cx.comes(&cx.id.beside(Kind::ForeignTable, ""));
    if let Some((above, parent)) = cx.given_column(it) {
        let default = made_default(cx, cx.id);
        let is_apart = cx.apart.contains(&cx.id.beside(Kind::Default, &cx.id.part));
        if it.generated.is_none() && !is_apart && default != made_default(cx, &above) {
            steps.push(alter(
                &default.map_or_else(|| "drop default".to_owned(), |it| format!("set default {}", faithful(it))),
            ));
        }
        match (&it.not_null, &parent.not_null) {
            (Some(NotNull { not_valid: true, .. }), None) => {}
            (Some(_), _) if is_new && not_null::of_its_own(it, cx).is_some() => {}
            (Some(NotNull { name: Some(name), .. }), None) => {
                steps.push(Step::alter(
                    cx.id,
                    format!("{} add constraint {} not null {column}", alone(cx), bare_ident(name)),
                ));
            }
            (Some(_), None) => steps.push(alter("set not null")),
            (None, Some(_)) => steps.push(alter("drop not null")),
            _ => {}
        }
        if let Some(identity) = &it.identity {
            steps.push(alter(&format!("add {}", identity_clause(identity))));
        }
    }
    let storage = cx.merged_columns().next().and_then(|parent| parent.type_storage.as_ref());
    if let Some(storage) = storage.filter(|_| is_new && it.storage.is_none()) {
        steps.push(alter(&format!("set storage {}", storage.to_lowercase())));
    }
    let compression = cx.merged_columns().find_map(|parent| parent.compression.as_ref());
    if cx.merged_columns().next().is_some() && compression != it.compression.as_ref() && !is_foreign(cx) {
        steps.push(alter(&format!("set compression {}", it.compression.as_deref().unwrap_or("default"))));
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
pub(super) fn table(cx: &Cx<'_>) -> String {
    let kinds = [Kind::Table, Kind::ForeignTable, Kind::MaterializedView, Kind::View, Kind::Composite];
    let is_there = |state: &Catalog| kinds.iter().any(|kind| state.entries.contains_key(&cx.id.beside(*kind, "")));
    let state = if is_there(cx.to) { cx.to } else { cx.from };
    let has = |kind: Kind| state.entries.contains_key(&cx.id.beside(kind, ""));
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

/// Whether the column's relation is a materialized view, and stays one.
fn is_of_materialized_view(cx: &Cx<'_>) -> bool {
    cx.to.entries.contains_key(&cx.id.beside(Kind::MaterializedView, ""))
}

/// Whether its values are elsewhere: nothing here writes, reads or loses them.
pub(super) fn is_foreign(cx: &Cx<'_>) -> bool {
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
    let default = made_default(cx, cx.id);
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
    let is_written = it.generated.as_ref().is_some_and(|it| it.stored) || it.identity.is_some();
    if is_written || default.is_some_and(|default| is_volatile(default, cx)) || is_of_strict_domain(cx) {
        step = step.hazard(HazardKind::Rewrite, format!("writes all of {name} anew"));
    }
    let mut stands_in = None;
    if it.not_null.is_some() && default.is_none() && it.generated.is_none() && it.identity.is_none() {
        stands_in = stand_in(&it.data_type, cx.to).filter(|_| cx.stand_ins);
        step = match &stands_in {
            Some(value) => {
                step.sql.push_str(&format!(" default {value}"));
                step.hazard(
                    HazardKind::DataLoss,
                    format!("rows of {name} that are there get {value} in {}", cx.id.part),
                )
            }
            None => step.hazard(HazardKind::MayFail, format!("fails where {name} has rows")),
        };
    }
    let mut steps = vec![step];
    steps.extend(
        stands_in.map(|_| {
            Step::alter(cx.id, format!("{} alter column {} drop default", alone(cx), bare_ident(&cx.id.part)))
        }),
    );
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
    change(old, new, false, cx)
}

/// A column whose type, or what it is made of, steps aside for another of its name.
pub fn convert(old: &Object, cx: &Cx<'_>) -> Alter {
    match (old, &cx.entry.object) {
        (Object::Column(old), Object::Column(new)) => change(old, new, true, cx),
        _ => Alter::default(),
    }
}

fn change(old: &Column, new: &Column, is_anew: bool, cx: &Cx<'_>) -> Alter {
    let column = bare_ident(&cx.id.part);
    let alter = |what: &str| Step::alter(cx.id, format!("{} alter column {column} {what}", table(cx)));
    let alter_alone = |what: &str| Step::alter(cx.id, format!("{} alter column {column} {what}", alone(cx)));
    if is_of_materialized_view(cx) {
        return Alter::in_place(change_settings(old, new, false, &alter));
    }
    if !is_of_table(cx) {
        return Alter::default();
    }
    // What is done to a parent's column or a type's attribute is done to this one.
    let is_led = cx.parent_column().is_some() || is_of_type(cx);
    match (&old.generated, &new.generated) {
        (None, Some(_)) => return Alter::recreate(),
        (Some(before), Some(now)) if differs(before, now) && (cx.to.version < 17 || before.stored != now.stored) => {
            return Alter::recreate();
        }
        (Some(before), None) if !before.stored => return Alter::recreate(),
        _ => {}
    }
    let mut steps = Vec::new();
    let mut disturbs: &'static [Kind] = &[];
    if old.generated.is_some() && new.generated.is_none() && !is_led {
        steps.push(alter("drop expression"));
    }
    let is_typed = (&old.data_type, &old.collation) != (&new.data_type, &new.collation);
    if is_typed || is_anew {
        let change = change_type(old, new, is_anew, cx);
        disturbs = change.disturbs;
        steps.extend(change.steps.into_iter().filter(|_| !is_led));
        steps.extend(restored_statistics(cx));
    }
    // What is to be no number cannot number itself any longer.
    let typed = if old.identity.is_some() && new.identity.is_none() { steps.split_off(0) } else { Vec::new() };
    if let (Some(before), Some(now)) = (&old.generated, &new.generated)
        && differs(before, now)
    {
        disturbs = IN_THE_WAY;
        let step = alter(&format!("set expression as ({})", faithful(&now.expression)))
            .lock(LockMode::AccessExclusive, &cx.id.qualified())
            .hazard(HazardKind::Rewrite, format!("writes all of {} anew", cx.id.qualified()));
        // The parent's becomes that of all its children.
        let is_given = cx.parent_column().is_some_and(|(above, parent)| {
            let was = cx.from.column(&above, &above.part).and_then(|it| it.generated.as_ref());
            parent.generated.as_ref() == Some(now) && was.is_some_and(|was| differs(was, now))
        });
        let is_given = is_given || is_of_type(cx);
        steps.extend((!is_given).then_some(step));
        steps.extend(kept_expressions(now, cx));
        steps.extend(restored_statistics(cx));
    }
    // An identity column has to be `not null` from before it is one until after it was.
    let not_null = not_null::change(old, new, cx);
    let identity = change_identity(old, new, cx, &alter);
    if new.identity.is_some() {
        steps.extend(not_null);
        steps.extend(identity);
    } else {
        steps.extend(identity);
        steps.extend(typed);
        steps.extend(not_null);
    }
    steps.extend(change_settings(old, new, is_typed || is_anew, &alter_alone));
    steps.extend(foreign_changes(&old.foreign_options, &new.foreign_options).map(|change| alter(&change)));
    Alter::in_place(steps).disturbing(disturbs)
}

/// The children's columns that are computed otherwise and stay so.
fn kept_expressions(now: &Generated, cx: &Cx<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for (id, _) in cx.to.children(cx.id) {
        let below = id.beside(Kind::Column, &cx.id.part);
        let own = |state: &Catalog| state.column(&below, &below.part).and_then(|it| it.generated.clone());
        let (Some(before), Some(after)) = (own(cx.from), own(cx.to)) else { continue };
        if before == after && differs(&after, now) {
            let column = bare_ident(&below.part);
            let expression = faithful(&after.expression);
            let below = id.qualified();
            steps.push(Step::alter(
                cx.id,
                format!("alter table {below} alter column {column} set expression as ({expression})"),
            ));
        } else {
            steps.extend(kept_expressions(now, &Cx { id: &below, ..*cx }));
        }
    }
    steps
}

/// Whether it is computed otherwise, or at another time.
fn differs(one: &Generated, other: &Generated) -> bool {
    one.stored != other.stored || !same(&one.expression, &other.expression)
}

/// How its values are kept, and what is known of them.
fn change_settings(old: &Column, new: &Column, is_reset: bool, alter: &dyn Fn(&str) -> Step) -> Vec<Step> {
    let mut steps = Vec::new();
    // Once it was given a type, it is stored as that type is by itself.
    let before = old.storage.as_ref().filter(|_| !is_reset);
    if before != new.storage.as_ref()
        && let Some(word) = new.storage.as_ref().or(old.type_storage.as_ref())
    {
        steps.push(alter(&format!("set storage {}", word.to_lowercase())));
    }
    if old.compression.as_ref().filter(|_| !is_reset) != new.compression.as_ref() {
        steps.push(alter(&format!("set compression {}", new.compression.as_deref().unwrap_or("default"))));
    }
    if old.statistics != new.statistics {
        steps.push(alter(&format!("set statistics {}", new.statistics.unwrap_or(-1))));
    }
    steps.extend(storage_changes(&old.options, &new.options).iter().map(|change| alter(change)));
    steps
}

fn change_identity(old: &Column, new: &Column, cx: &Cx<'_>, alter: &dyn Fn(&str) -> Step) -> Vec<Step> {
    match (&old.identity, &new.identity) {
        (None, Some(now)) => {
            let mut steps = vec![alter(&format!("add {}", identity_clause(now)))];
            if default_of(cx.from, cx.id).is_some_and(|it| it.starts_with("nextval(")) {
                let (schema, name) = &now.sequence;
                let sequence = literal(&format!("{}.{}", bare_ident(schema), bare_ident(name)));
                steps.push(count_on(&sequence, cx));
            }
            steps.extend(differing_from_table(now, cx, cx.id));
            steps
        }
        (Some(before), None) => {
            let step = alter("drop identity");
            let (schema, name) = &before.sequence;
            let text = format!("how far {}.{} has counted is lost", bare_ident(schema), bare_ident(name));
            let goes_on = default_of(cx.to, cx.id).is_some_and(|it| it.starts_with("nextval("));
            vec![if goes_on { step } else { step.hazard(HazardKind::DataLoss, text) }]
        }
        (Some(before), Some(now)) => {
            let mut steps = Vec::new();
            if before.sequence.1 != now.sequence.1 {
                let (schema, name) = &before.sequence;
                let (schema, name) = (bare_ident(schema), bare_ident(name));
                let wanted = bare_ident(&now.sequence.1);
                steps.push(Step::alter(cx.id, format!("alter sequence {schema}.{name} rename to {wanted}")));
            }
            let name = format!("{}.{}", bare_ident(&before.sequence.0), bare_ident(&now.sequence.1));
            let counted = typed(&before.options, &now.options.data_type);
            let mut changes = Vec::new();
            if before.always != now.always {
                changes.push(format!("set generated {}", if now.always { "always" } else { "by default" }));
            }
            changes.extend(
                option_changes(&counted, &now.options)
                    .into_iter()
                    .map(|change| if change.starts_with("restart") { change } else { format!("set {change}") }),
            );
            if !changes.is_empty() {
                steps.extend(move_inside(&counted, &now.options, &name, cx.id));
                steps.push(narrowed(alter(&changes.join(" ")), &counted, &now.options, &name));
            }
            steps
        }
        (None, None) => Vec::new(),
    }
}

/// A sequence as the change of its column's type leaves it: a bound that was the old type's becomes the new type's.
fn typed(it: &SequenceOptions, data_type: &str) -> SequenceOptions {
    let bounds = |data_type: &str| match data_type {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let ((low, high), (new_low, new_high)) = (bounds(&it.data_type), bounds(data_type));
    SequenceOptions {
        data_type: data_type.to_owned(),
        min: if it.min == low { new_low } else { it.min },
        max: if it.max == high { new_high } else { it.max },
        ..it.clone()
    }
}

/// Lets a new sequence go on behind the numbers that the column has, so that none is given twice.
pub(super) fn count_on(sequence: &str, cx: &Cx<'_>) -> Step {
    let column = bare_ident(&cx.id.part);
    let table = cx.id.qualified();
    Step::alter(
        cx.id,
        format!("select pg_catalog.setval({sequence}, max({column})) from {table} having max({column}) is not null"),
    )
    .hazard(HazardKind::LongScan, format!("reads the highest {column} of {table}"))
}

/// `alter table only name`, or without `only` where partitions must follow.
pub(super) fn only(cx: &Cx<'_>) -> String {
    if cx.only().is_empty() { table(cx) } else { alone(cx) }
}
