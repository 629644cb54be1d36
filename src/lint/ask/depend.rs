//! What depends on something: what `cascade` would take with it, and what forbids a drop without.

use std::collections::BTreeSet;

use super::facts::{self, Key, Part};
use super::names::Names;
use crate::lint::LintFile;
use crate::lint::event::{Event, Guards, Origin};
use crate::lint::schema::{Reach, Schema};
use crate::sql::ast::{ObjectKind, Stmt, StmtKind, TableActionKind};

/// The part of the state that a statement is about.
pub(in crate::lint) fn part_of(schema: &Schema, stmt: &Stmt, reach: Reach) -> Schema {
    let mut names = Names::default();
    names.add(schema, stmt);
    schema.part(&names.objects, &names.schemas, reach)
}

/// The part of the state after a statement.
pub(in crate::lint) fn after(schema: &Schema, file: &LintFile, stmt: &Stmt) -> Schema {
    let mut part = part_of(schema, stmt, Reach::Own);
    part.apply(file, &alone(stmt.clone()));
    part
}

/// A statement as if nothing stood around it.
fn alone(stmt: Stmt) -> Event {
    Event { stmt, origin: Origin::Top, top: 0, guards: Guards::default(), dynamic: None, command: None }
}

/// What goes with `cascade` and not without it. A column of which only the default goes counts too.
pub(in crate::lint) fn dependants(schema: &Schema, file: &LintFile, stmt: &Stmt) -> Vec<Key> {
    let plain = part_of(schema, stmt, Reach::Users);
    let mut without = plain.clone();
    without.apply(file, &alone(set_cascade(stmt, false)));
    let mut with = plain;
    with.apply(file, &alone(set_cascade(stmt, true)));
    let no_text = |_| None;
    let (without, with) = (facts::of(&without, &no_text), facts::of(&with, &no_text));
    let gone: Vec<&Key> = without
        .iter()
        .filter(|(key, fact)| match with.get(*key) {
            None => !matches!(key.part, Part::Privileges(_) | Part::Label),
            Some(left) => key.part == Part::Within(ObjectKind::Column) && left.definition != fact.definition,
        })
        .map(|(key, _)| key)
        .collect();
    // What goes whole is not told part by part.
    gone.iter().filter(|key| !gone.iter().any(|object| key.is_within(object))).map(|&key| key.clone()).collect()
}

/// The statement with or without `cascade` on all that it drops.
fn set_cascade(stmt: &Stmt, on: bool) -> Stmt {
    let mut stmt = stmt.clone();
    match &mut stmt.kind {
        StmtKind::Drop(drop) => drop.cascade = on,
        StmtKind::AlterTable(alter) => {
            for action in &mut alter.actions {
                if let TableActionKind::DropColumn { cascade, .. } | TableActionKind::DropConstraint { cascade, .. } =
                    &mut action.kind
                {
                    *cascade = on;
                }
            }
        }
        _ => {}
    }
    stmt
}

/// What is made again by later statements of the file: by bare name, so that a schema more or less does not matter.
pub(in crate::lint) fn made_later<'a>(later: impl Iterator<Item = &'a Event>) -> BTreeSet<(Made, String)> {
    let mut made = BTreeSet::new();
    for event in later {
        match &event.stmt.kind {
            StmtKind::CreatePolicy(it) => made.insert((Made::Policy, it.name.value.clone())),
            StmtKind::CreateTrigger(it) => made.insert((Made::Trigger, it.name.value.clone())),
            StmtKind::CreateIndex(it) => {
                made.insert((Made::Other, it.name.as_ref().map(|name| name.value.clone()).unwrap_or_default()))
            }
            StmtKind::AlterTable(alter) => {
                for action in &alter.actions {
                    match &action.kind {
                        TableActionKind::AddColumn { column, .. } => {
                            made.insert((Made::Column, column.name.value.clone()));
                        }
                        TableActionKind::AddConstraint(constraint) => {
                            let name = constraint.name.as_ref().map(|name| name.value.clone());
                            made.insert((Made::Constraint, name.unwrap_or_default()));
                        }
                        TableActionKind::AlterColumn { name, change: crate::sql::ast::AlterColumn::SetDefault(_) } => {
                            made.insert((Made::Column, name.value.clone()));
                        }
                        _ => {}
                    }
                }
                true
            }
            _ => match event.stmt.creates() {
                Some((_, Some(name))) => made.insert((Made::Other, name.object().to_owned())),
                _ => true,
            },
        };
    }
    made
}

/// A coarse kind, for [`made_later`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lint) enum Made {
    /// A policy.
    Policy,
    /// A trigger.
    Trigger,
    /// A column, or its default.
    Column,
    /// A constraint.
    Constraint,
    /// Relations, functions, types.
    Other,
}

impl Key {
    /// What [`made_later`] would call it.
    pub(in crate::lint) fn made(&self) -> (Made, String) {
        match self.part {
            Part::Within(ObjectKind::Policy) => (Made::Policy, self.sub.clone()),
            Part::Within(ObjectKind::Trigger) => (Made::Trigger, self.sub.clone()),
            Part::Within(ObjectKind::Column) => (Made::Column, self.sub.clone()),
            Part::Within(ObjectKind::Constraint) => (Made::Constraint, self.sub.clone()),
            _ => (Made::Other, self.name.name.clone()),
        }
    }
}

/// The parts as words, the first few of them.
pub(in crate::lint) fn list(keys: &[Key]) -> String {
    const SHOWN: usize = 8;
    let mut words: Vec<String> = keys.iter().take(SHOWN).map(ToString::to_string).collect();
    if keys.len() > SHOWN {
        words.push(format!("{} more", keys.len() - SHOWN));
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
