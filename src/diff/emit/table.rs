//! Tables.

use super::column::{default_of, definition, settings};
use super::constraint::clause;
use super::options::{storage, storage_changes};
use super::{Alter, Cx, plain_drop};
use crate::catalog::{Constraint, Kind, Object, ReplicaIdentity, Table};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

pub(super) fn create(it: &Table, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    let unlogged = if it.unlogged { "unlogged " } else { "" };
    let mut parts: Vec<String> = Vec::new();
    let columns = cx.to.columns(cx.id);
    for (id, _, column) in &columns {
        // What comes from a parent table is there with it; an attached partition has its own.
        if column.inherited && it.partition_of.is_none() {
            continue;
        }
        parts.push(definition(id, column, default_of(cx.to, id)));
    }
    parts.extend(inline_constraints(cx).map(|(name, constraint)| clause(name, constraint)));
    let body = match &it.of_type {
        Some(of) => format!(" of {of}"),
        None if parts.is_empty() => " ()".to_owned(),
        None => format!(" (\n    {}\n)", parts.join(",\n    ")),
    };
    let mut sql = format!("create {unlogged}table {name}{body}");
    if !it.inherits.is_empty() {
        sql.push_str(&format!("\ninherits ({})", it.inherits.join(", ")));
    }
    if let Some(key) = &it.partition_key {
        sql.push_str(&format!("\npartition by {key}"));
    }
    if let Some(method) = &it.access_method {
        sql.push_str(&format!("\nusing {}", bare_ident(method)));
    }
    if !it.options.is_empty() {
        sql.push_str(&format!("\nwith ({})", storage(&it.options)));
    }
    if let Some(tablespace) = &it.tablespace {
        sql.push_str(&format!("\ntablespace {}", bare_ident(tablespace)));
    }
    let mut steps = vec![Step::create(cx.id, sql)];
    for (id, _, column) in &columns {
        steps.extend(settings(column, &Cx { id, ..*cx }, id));
    }
    steps.extend(attach(it, cx));
    steps.extend(row_security(&Table::default(), it, cx));
    steps
}

/// The constraints that stand in the statement itself.
pub(super) fn inline_constraints<'a>(cx: &Cx<'a>) -> impl Iterator<Item = (&'a str, &'a Constraint)> {
    cx.to.parts(cx.id, Kind::Constraint).filter_map(|(id, entry)| match &entry.object {
        Object::Constraint(constraint) if constraint.is_inline() => Some((id.part.as_str(), constraint)),
        _ => None,
    })
}

fn attach(it: &Table, cx: &Cx<'_>) -> Option<Step> {
    let of = it.partition_of.as_ref()?;
    let parent = format!("{}.{}", bare_ident(&of.schema), bare_ident(&of.name));
    let sql = format!("alter table only {parent} attach partition {} {}", cx.id.address(), of.bound);
    Some(Step::alter(cx.id, sql).lock(LockMode::ShareUpdateExclusive, &parent))
}

fn detach(it: &Table, cx: &Cx<'_>) -> Option<Step> {
    let of = it.partition_of.as_ref()?;
    let parent = format!("{}.{}", bare_ident(&of.schema), bare_ident(&of.name));
    let sql = format!("alter table {parent} detach partition {}", cx.id.address());
    Some(Step::alter(cx.id, sql).lock(LockMode::AccessExclusive, &parent))
}

fn row_security(old: &Table, new: &Table, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    let mut steps = Vec::new();
    if old.row_security != new.row_security {
        let word = if new.row_security { "enable" } else { "disable" };
        let step = Step::alter(cx.id, format!("alter table {name} {word} row level security"))
            .lock(LockMode::AccessExclusive, &name);
        steps.push(if new.row_security {
            step
        } else {
            step.hazard(HazardKind::PermissionWidened, format!("policies of {name} no longer hold anybody back"))
        });
    }
    if old.force_row_security != new.force_row_security {
        let word = if new.force_row_security { "force" } else { "no force" };
        steps.push(Step::alter(cx.id, format!("alter table {name} {word} row level security")));
    }
    steps
}

pub(super) fn drop(_: &Table, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    vec![
        plain_drop(cx)
            .lock(LockMode::AccessExclusive, &name)
            .hazard(HazardKind::DataLoss, format!("all rows of {name} are lost")),
    ]
}

pub(super) fn alter(old: &Table, new: &Table, cx: &Cx<'_>) -> Alter {
    let name = cx.id.address();
    if old.partition_key != new.partition_key {
        return Alter::recreate();
    }
    let mut steps = Vec::new();
    let alter = |what: String| Step::alter(cx.id, format!("alter table {name} {what}"));
    if old.partition_of != new.partition_of {
        steps.extend(detach(old, cx));
        steps.extend(attach(new, cx));
    }
    if old.inherits != new.inherits {
        let gone = old.inherits.iter().filter(|parent| !new.inherits.contains(parent));
        steps.extend(gone.map(|parent| alter(format!("no inherit {parent}"))));
        let come = new.inherits.iter().filter(|parent| !old.inherits.contains(parent));
        steps.extend(come.map(|parent| alter(format!("inherit {parent}"))));
    }
    if old.of_type != new.of_type {
        steps.push(alter(new.of_type.as_ref().map_or_else(|| "not of".to_owned(), |of| format!("of {of}"))));
    }
    if old.unlogged != new.unlogged {
        let word = if new.unlogged { "unlogged" } else { "logged" };
        steps.push(
            alter(format!("set {word}"))
                .lock(LockMode::AccessExclusive, &name)
                .hazard(HazardKind::Rewrite, format!("writes all of {name} anew")),
        );
    }
    if old.access_method != new.access_method {
        let method = new.access_method.as_deref().unwrap_or("heap");
        steps.push(
            alter(format!("set access method {}", bare_ident(method)))
                .lock(LockMode::AccessExclusive, &name)
                .hazard(HazardKind::Rewrite, format!("writes all of {name} anew")),
        );
    }
    if old.tablespace != new.tablespace {
        let tablespace = new.tablespace.as_deref().unwrap_or("pg_default");
        steps.push(
            alter(format!("set tablespace {}", bare_ident(tablespace)))
                .lock(LockMode::AccessExclusive, &name)
                .hazard(HazardKind::Rewrite, format!("copies all of {name}")),
        );
    }
    steps.extend(storage_changes(&old.options, &new.options).into_iter().map(&alter));
    steps.extend(row_security(old, new, cx));
    Alter::in_place(steps)
}

/// What a table says of its indexes, which are there only later. `is_made_again` says of an index that it is another one.
pub fn index_marks(old: Option<&Table>, new: &Table, is_made_again: &dyn Fn(&str) -> bool, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    let mut steps = Vec::new();
    let before = old.and_then(|old| old.replica_identity.as_ref());
    let is_lost = matches!(&new.replica_identity, Some(ReplicaIdentity::Index(index)) if is_made_again(index));
    if before != new.replica_identity.as_ref() || is_lost {
        let what = match &new.replica_identity {
            None => "default".to_owned(),
            Some(ReplicaIdentity::Full) => "full".to_owned(),
            Some(ReplicaIdentity::Nothing) => "nothing".to_owned(),
            Some(ReplicaIdentity::Index(index)) => format!("using index {}", bare_ident(index)),
        };
        steps.push(Step::alter(cx.id, format!("alter table {name} replica identity {what}")));
    }
    let before = old.and_then(|old| old.clustered_on.as_ref());
    if before != new.clustered_on.as_ref() || new.clustered_on.as_ref().is_some_and(|index| is_made_again(index)) {
        let what = match &new.clustered_on {
            None => "set without cluster".to_owned(),
            Some(index) => format!("cluster on {}", bare_ident(index)),
        };
        steps.push(Step::alter(cx.id, format!("alter table {name} {what}")));
    }
    steps
}
