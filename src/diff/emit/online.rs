//! The forms that keep nobody waiting for longer than a moment, for relations that are in use.
//!
//! Each leaves what the plain form leaves. What PostgreSQL refuses in such a form keeps the plain one.

use super::Cx;
use super::aside::marked;
use crate::catalog::{Constraint, ConstraintType, Id, Index, Kind, Object};
use crate::diff::compare::Fate;
use crate::diff::plan::parent;
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

impl Cx<'_> {
    /// Whether others use a relation while the plan runs, and are to wait as little as can be: it was there before, and is
    /// not made again.
    pub fn is_online(&self, relation: &Id) -> bool {
        self.online && self.from.entries.contains_key(relation) && !self.goes(relation)
    }

    /// The same for the table that the object belongs to.
    pub fn is_online_table(&self) -> bool {
        self.is_online(&self.id.beside(Kind::Table, ""))
    }

    /// Whether other tables inherit from the object's, before or afterwards.
    pub fn has_children(&self) -> bool {
        [self.from, self.to].iter().any(|state| state.children(self.id).next().is_some())
    }

    /// Whether nothing of what the object needed changes before its successor is there: then it can wait for that.
    fn can_wait(&self) -> bool {
        let needed = self.from.needs.get(self.id).into_iter().flatten();
        let is_still = |id: &Id| match self.fates.get(id) {
            None => true,
            // A column of a primary key cannot come to be null as long as that is there.
            Some(Fate::Alter { steps, disturbs }) => {
                matches!(id.kind, Kind::Table | Kind::Column)
                    && disturbs.is_empty()
                    && !steps.iter().any(|step| step.sql.ends_with(" drop not null"))
            }
            Some(_) => false,
        };
        self.fates.get(self.id) == Some(&Fate::Recreate) && needed.into_iter().all(is_still)
    }
}

/// The name under which a successor is built.
pub(super) fn new_name(name: &str) -> String {
    marked(name, "__new")
}

/// Whether an index that changes is in place until its successor is built.
pub(super) fn is_swapped_index(cx: &Cx<'_>) -> bool {
    let index = |entry: Option<&crate::catalog::Entry>| match entry.map(|entry| &entry.object) {
        Some(Object::Index(it)) if !it.partitioned && it.partition_of.is_none() => Some(it.table.clone()),
        _ => None,
    };
    let (Some(before), Some(now)) = (index(cx.from.get(cx.id)), index(cx.to.get(cx.id))) else { return false };
    before == now && is_index_online(&before, cx) && cx.can_wait()
}

/// Whether the relation of an index is in use.
fn is_index_online(relation: &str, cx: &Cx<'_>) -> bool {
    [Kind::Table, Kind::MaterializedView].iter().any(|kind| cx.is_online(&Id::new(*kind, &cx.id.schema, relation)))
}

/// Whether an index is built, or taken away, while others read and write. What a partitioned table has is no index of
/// rows.
pub(super) fn is_concurrent(it: &Index, cx: &Cx<'_>) -> bool {
    !it.partitioned && is_index_online(&it.table, cx)
}

/// Puts an index in the place of the one whose name it is to have.
pub(super) fn swap_index(relation: &str, cx: &Cx<'_>) -> Vec<Step> {
    let new = format!("{}.{}", bare_ident(&cx.id.schema), bare_ident(&new_name(&cx.id.name)));
    vec![
        drop_index(relation, cx),
        Step::alter(cx.id, format!("alter index {new} rename to {}", bare_ident(&cx.id.name)))
            .lock(LockMode::ShareUpdateExclusive, &new),
    ]
}

/// Takes an index away while others read and write.
pub(super) fn drop_index(relation: &str, cx: &Cx<'_>) -> Step {
    Step::drop(cx.id, format!("drop index concurrently {}", cx.id.address()))
        .outside_transaction()
        .lock(LockMode::ShareUpdateExclusive, relation)
}

/// What a concurrent build of an index costs.
pub(super) fn build(step: Step, index: &str, relation: &str, unique: bool) -> Step {
    let scan = format!("reads all of {relation} twice to build {index}, while others read and write");
    let step = step
        .outside_transaction()
        .lock(LockMode::ShareUpdateExclusive, relation)
        .hazard(HazardKind::LongScan, scan)
        .hazard(HazardKind::MayFail, format!("where it fails or is stopped, it leaves an invalid index {index}"));
    if unique {
        step.hazard(HazardKind::MayFail, format!("fails where rows of {relation} are not unique"))
    } else {
        step
    }
}

/// Adds a check or a foreign key to what is written from now on, and then looks at the rows that are there.
pub(super) fn add_validated(owner: &str, it: &Constraint, cx: &Cx<'_>) -> Option<Vec<Step>> {
    let is_partitioned = cx.to.is_partitioned(cx.id) || cx.from.is_partitioned(cx.id);
    let can = match it.what {
        ConstraintType::Check => true,
        // Before PostgreSQL 18 a partitioned table has no foreign key that is not valid.
        ConstraintType::Foreign => !is_partitioned,
        _ => false,
    };
    if !can || !it.validated || it.of_domain || !cx.is_online_table() {
        return None;
    }
    let is_swapped = is_swapped_look(cx);
    let name = if is_swapped { new_name(&cx.id.part) } else { cx.id.part.clone() };
    let add = Step::create(cx.id, format!("alter {owner} add {} not valid", super::constraint::clause(&name, it)));
    let mut steps = vec![super::constraint::add_locks(add, it, cx), validate(owner, &name, cx)];
    if is_swapped {
        let (new, name) = (bare_ident(&name), bare_ident(&cx.id.part));
        let away = Step::drop(cx.id, format!("alter {owner} drop constraint {name}"));
        let rename = Step::alter(cx.id, format!("alter {owner} rename constraint {new} to {name}"));
        steps.extend([away, rename].map(|step| step.lock(LockMode::AccessExclusive, &cx.id.qualified())));
    }
    Some(steps)
}

/// Whether a check or a foreign key that changes holds until its successor does.
pub(super) fn is_swapped_look(cx: &Cx<'_>) -> bool {
    let can = |state: &crate::catalog::Catalog| {
        state.constraint(cx.id, &cx.id.part).is_some_and(|it| {
            matches!(it.what, ConstraintType::Check | ConstraintType::Foreign)
                && it.validated
                && it.local
                && !it.of_domain
                && it.of_parent.is_none()
                && !it.references.as_ref().is_some_and(|(schema, table)| {
                    // What it has for each partition there would keep the name under which it was made.
                    state.is_partitioned(&Id::new(Kind::Table, schema, table))
                })
        }) && !state.is_partitioned(cx.id)
            && state.parents(cx.id).is_empty()
    };
    can(cx.from) && can(cx.to) && !cx.has_children() && cx.is_online_table() && cx.can_wait()
}

/// Whether what goes and comes back does both in one transaction. Event triggers stay away from the plan, and what is built
/// while others read and write is built outside of any transaction. A partitioned table that is made anew needs its
/// partitions before it has all that it had, and before others refer to it.
pub fn is_at_once(cx: &Cx<'_>) -> bool {
    let is_anew = |id: &Id| id.kind == Kind::Table && cx.goes(id);
    let refers_to_partitions = |it: &Constraint| {
        it.references.as_ref().is_some_and(|(schema, table)| {
            let table = Id::new(Kind::Table, schema, table);
            cx.from.is_partitioned(&table) || cx.to.is_partitioned(&table)
        })
    };
    if is_anew(cx.id) || parent(cx.from, cx.id).is_some_and(|it| is_anew(&it)) {
        return false;
    }
    match &cx.entry.object {
        Object::EventTrigger(_) => false,
        // What a partition has of the partitioned table's comes with that.
        Object::Trigger(it) if it.of_parent.is_some() => false,
        Object::Constraint(it) if it.of_parent.is_some() || refers_to_partitions(it) => false,
        // A check goes and comes along tables that inherit from each other.
        Object::Constraint(it)
            if it.what == ConstraintType::Check
                && (cx.has_children() || [cx.from, cx.to].iter().any(|state| !state.parents(cx.id).is_empty())) =>
        {
            false
        }
        Object::Index(it) => !is_concurrent(it, cx),
        Object::Constraint(_) if is_swapped_look(cx) => false,
        Object::Constraint(it) if it.what.has_index() => !is_key_online(it, cx) || is_swapped_key(cx),
        Object::Inheritance(_) => is_only_moved(cx),
        _ => true,
    }
}

/// Whether a partition comes back and nothing else is done with it or the partitioned table.
fn is_only_moved(cx: &Cx<'_>) -> bool {
    let parents = [cx.from, cx.to].map(|state| state.get(cx.id));
    let parents = parents.into_iter().flatten().filter_map(|entry| match &entry.object {
        Object::Inheritance(it) => Some(it.parent_id()),
        _ => None,
    });
    let tables: Vec<Id> = parents.chain([cx.id.beside(Kind::Table, "")]).collect();
    let is_of = |id: &Id| {
        id.kind != Kind::Inheritance
            && (id.kind == Kind::Index || tables.iter().any(|it| (&it.schema, &it.name) == (&id.schema, &id.name)))
    };
    cx.fates.get(cx.id) == Some(&Fate::Recreate) && !cx.fates.keys().any(is_of)
}

/// Looks at the rows that are there, while others read and write.
pub(super) fn validate(owner: &str, constraint: &str, cx: &Cx<'_>) -> Step {
    let (table, name) = (cx.id.qualified(), bare_ident(constraint));
    let step = Step::alter(cx.id, format!("alter {owner} validate constraint {name}"))
        .lock(LockMode::ShareUpdateExclusive, &table)
        .hazard(HazardKind::LongScan, format!("reads all of {table}, while others read and write"));
    step.hazard(HazardKind::MayFail, format!("fails where rows of {table} do not fit {constraint}"))
}

/// The index of a key, as `create index` has it behind the table's name.
fn key_index(it: &Constraint) -> Option<String> {
    let mut rest = it.definition.as_str();
    for end in [" INITIALLY DEFERRED", " DEFERRABLE"] {
        rest = rest.strip_suffix(end).unwrap_or(rest);
    }
    let rest = match it.what {
        ConstraintType::Primary => rest.strip_prefix("PRIMARY KEY ")?,
        ConstraintType::Unique => rest.strip_prefix("UNIQUE ")?,
        _ => return None,
    };
    // `without overlaps` is no matter of a unique index.
    if rest.ends_with(" WITHOUT OVERLAPS)") {
        return None;
    }
    Some(match rest.strip_prefix("NULLS NOT DISTINCT ") {
        Some(columns) => format!("{columns} nulls not distinct"),
        None => rest.to_owned(),
    })
}

/// Whether a key is made of an index that was built while others read and write.
fn is_key_online(it: &Constraint, cx: &Cx<'_>) -> bool {
    key_index(it).is_some() && cx.is_online_table() && !cx.to.is_partitioned(cx.id)
}

/// Whether a key that changes holds until its successor does.
pub(super) fn is_swapped_key(cx: &Cx<'_>) -> bool {
    let key = |state: &crate::catalog::Catalog| {
        state.constraint(cx.id, &cx.id.part).is_some_and(|it| it.of_parent.is_none() && is_key_online(it, cx))
    };
    key(cx.from) && key(cx.to) && cx.can_wait()
}

/// Makes a key of an index that was built while others read and write.
pub(super) fn add_key(it: &Constraint, parameters: &str, cx: &Cx<'_>) -> Option<Vec<Step>> {
    let index = key_index(it).filter(|_| is_key_online(it, cx))?;
    let (table, name) = (cx.id.qualified(), bare_ident(&cx.id.part));
    let is_swapped = is_swapped_key(cx);
    let built = if is_swapped { new_name(&cx.id.part) } else { cx.id.part.clone() };
    let built = bare_ident(&built);
    let create =
        Step::create(cx.id, format!("create unique index concurrently {built} on {table} {index}{parameters}"));
    let kind = if it.what == ConstraintType::Primary { "primary key" } else { "unique" };
    let when = match (it.deferrable, it.deferred) {
        (_, true) => " deferrable initially deferred",
        (true, false) => " deferrable",
        (false, false) => "",
    };
    let away = if is_swapped { format!("drop constraint {name}, ") } else { String::new() };
    let sql = format!("alter table {table} {away}add constraint {name} {kind} using index {built}{when}");
    Some(vec![build(create, &built, &table, true), Step::alter(cx.id, sql).lock(LockMode::AccessExclusive, &table)])
}

/// Lets nulls in no more, and looks for those that are there before the table is locked. `table` is how statements on the
/// column begin; `name` is that of the constraint from PostgreSQL 18 on, where it stands for itself.
pub(super) fn set_not_null(table: &str, name: &str, no_inherit: bool, cx: &Cx<'_>) -> Vec<Step> {
    let relation = cx.id.qualified();
    let column = bare_ident(&cx.id.part);
    let short = table.strip_prefix("alter ").unwrap_or(table);
    let no_inherit = if no_inherit { " no inherit" } else { "" };
    let add = |sql: String| Step::alter(cx.id, sql).lock(LockMode::AccessExclusive, &relation);
    let said = |name: &str| validate(short, name, cx);
    if cx.from.version >= 18 {
        let sql = format!("{table} add constraint {} not null {column}{no_inherit} not valid", bare_ident(name));
        return vec![add(sql), said(name)];
    }
    let check = marked(&format!("{}_{}", cx.id.name, cx.id.part), "__not_null");
    let quoted = bare_ident(&check).into_owned();
    // A child of a table that is asked alone is not looked at.
    let alone = if table.contains(" only ") && cx.has_children() { " no inherit" } else { "" };
    let alter = |what: String| Step::alter(cx.id, format!("{table} {what}")).lock(LockMode::AccessExclusive, &relation);
    vec![
        add(format!("{table} add constraint {quoted} check ({column} is not null){alone} not valid")),
        said(&check),
        // The check that holds spares it the look at the rows.
        alter(format!("alter column {column} set not null")),
        alter(format!("drop constraint {quoted}")),
    ]
}

/// Detaches a partition while others read and write the partitioned table. PostgreSQL leaves a check of the partition's
/// bound, which is not wanted.
pub(super) fn detach(parent: &Id, cx: &Cx<'_>) -> Option<Vec<Step>> {
    let table = cx.id.beside(Kind::Table, "");
    let has_default = || cx.from.children(parent).any(|(_, it)| it.bound.as_deref() == Some("DEFAULT"));
    // The rows of one that comes back are not to be missed meanwhile.
    if is_only_moved(cx) || !cx.is_online(&table) || !cx.is_online(parent) || has_default() {
        return None;
    }
    let (name, above) = (cx.id.qualified(), &cx.id.part);
    let detach = Step::alter(cx.id, format!("alter table {above} detach partition {name} concurrently"))
        .outside_transaction()
        .lock(LockMode::ShareUpdateExclusive, above)
        .lock(LockMode::AccessExclusive, &name);
    let known = [cx.from, cx.to].into_iter().flat_map(|state| state.parts(cx.id, Kind::Constraint));
    let mut known: Vec<String> = known.map(|(id, _)| super::literal(&id.part)).collect();
    known.sort();
    known.dedup();
    let others =
        if known.is_empty() { String::new() } else { format!("\n    and conname not in ({})", known.join(", ")) };
    let relation = super::literal(&name);
    let tidy = format!(
        "do $dbctl$\ndeclare it name;\nbegin\n  for it in select conname from pg_catalog.pg_constraint\n    \
         where conrelid = {relation}::pg_catalog.regclass and contype = 'c'{others}\n  loop\n    \
         execute pg_catalog.format('alter table %s drop constraint %I', {relation}, it);\n  end loop;\nend\n$dbctl$"
    );
    Some(vec![detach, Step::alter(cx.id, tidy).lock(LockMode::AccessExclusive, &name)])
}
