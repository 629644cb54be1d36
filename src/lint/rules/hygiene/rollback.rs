//! A migration played forth and back on the part of the state that it is about.

use crate::lint::ask::facts::{self, Fact, Facts, Key, Part};
use crate::lint::ask::names::Names;
use crate::lint::schema::{Acl, Column, Constraint, ConstraintDef, Place, QName, Reach, Schema, Table, TableKind};
use crate::lint::{Event, FileCx, LintFile, Origin};
use crate::sql::ast::{Name, ObjectKind, Relation, StmtKind, TableActionKind};

/// The states before the migration and after it, and the way back as a file.
pub(super) struct Played {
    /// Before.
    pub(super) before: Schema,
    /// After.
    pub(super) after: Schema,
    /// The way back, with a number of its own, so that places in it are told from places in the migration.
    pub(super) back: LintFile,
}

/// Plays the migration; nothing where it has no way back, or where either of the two cannot be understood.
pub(super) fn play(cx: &FileCx<'_>, reach: Reach) -> Option<Played> {
    let back = cx.file.way_back(cx.files.len())?;
    let runs = |event: &&Event| event.origin != Origin::Routine;
    let all = || cx.file.events.iter().chain(&back.events).filter(runs);
    if all().any(|event| event.dynamic.is_some() || matches!(event.stmt.kind, StmtKind::Invalid)) {
        return None;
    }
    let mut names = Names::default();
    all().for_each(|event| names.add(cx.schema, &event.stmt));
    let mut before = cx.schema.part(&names.objects, &names.schemas, reach);
    let mut after = before.clone();
    for event in cx.file.events.iter().filter(runs) {
        suppose(&mut before, &mut after, event);
        after.apply(cx.file, event);
    }
    after.end_file(cx.file);
    after.begin_file(&back);
    (after.opaque.len() == before.opaque.len()).then_some(Played { before, after, back })
}

impl Played {
    /// The state after the way back.
    pub(super) fn at_the_end(&self) -> Option<Schema> {
        let mut state = self.after.clone();
        for event in &self.back.events {
            state.apply(&self.back, event);
        }
        (state.opaque.len() == self.after.opaque.len()).then_some(state)
    }

    /// The parts of a state.
    pub(super) fn facts(&self, cx: &FileCx<'_>, state: &Schema) -> Facts {
        let text = |place: Place| match place.file {
            Some(file) if file == self.back.id => Some(self.back.text()),
            _ => facts::text_of(cx.files, place),
        };
        facts::of(state, &text)
    }
}

/// Puts in both states what the statement takes for granted and the chain does not know: a table made elsewhere, its columns.
fn suppose(before: &mut Schema, now: &mut Schema, event: &Event) {
    let tables: Vec<&Name> = match &event.stmt.kind {
        StmtKind::AlterTable(alter) if alter.relation == Relation::Table && !alter.if_exists => vec![&alter.name],
        StmtKind::CreateIndex(create) => vec![&create.table],
        StmtKind::CreatePolicy(create) => vec![&create.table],
        StmtKind::CreateTrigger(create) => vec![&create.table],
        StmtKind::Drop(drop) if drop.kind == ObjectKind::Table && !drop.if_exists => drop.names.iter().collect(),
        _ => return,
    };
    for written in tables {
        let name = now.resolve(written);
        if !now.has_relation(&name) && !now.types.contains_key(&name) && !before.has_relation(&name) {
            before.tables.insert(name.clone(), unknown_table(&name));
            now.tables.insert(name.clone(), unknown_table(&name));
        }
    }
    let StmtKind::AlterTable(alter) = &event.stmt.kind else { return };
    let name = now.resolve(&alter.name);
    let (Some(old), Some(new)) = (before.tables.get_mut(&name), now.tables.get_mut(&name)) else { return };
    if new.complete {
        return;
    }
    for action in &alter.actions {
        match &action.kind {
            TableActionKind::DropColumn { name, .. }
            | TableActionKind::AlterColumn { name, .. }
            | TableActionKind::RenameColumn { from: name, .. }
                if new.column(&name.value).is_none() =>
            {
                old.columns.push(unknown_column(&name.value));
                new.columns.push(unknown_column(&name.value));
            }
            TableActionKind::DropConstraint { name, .. } if new.constraint(&name.value).is_none() => {
                old.constraints.push(unknown_constraint(&name.value));
                new.constraints.push(unknown_constraint(&name.value));
            }
            _ => {}
        }
    }
}

fn unknown_table(name: &QName) -> Table {
    Table {
        name: name.clone(),
        kind: TableKind::Ordinary,
        unlogged: false,
        created: Place::PLATFORM,
        touched: None,
        complete: false,
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        partition_of: None,
        of_type: None,
        inherits: Vec::new(),
        row_security: false,
        row_security_at: None,
        force_row_security: false,
        policies: Vec::new(),
        triggers: Vec::new(),
        comment: None,
        acl: Acl::default(),
    }
}

fn unknown_column(name: &str) -> Column {
    Column {
        name: name.to_owned(),
        type_name: None,
        not_null: false,
        default: None,
        generated: None,
        generation: None,
        identity: None,
        created: Place::PLATFORM,
        comment: None,
    }
}

fn unknown_constraint(name: &str) -> Constraint {
    Constraint {
        name: name.to_owned(),
        named: true,
        columns: Vec::new(),
        def: ConstraintDef::Exclude,
        valid: true,
        created: Place::PLATFORM,
    }
}

/// A difference that the way back leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// The migration made it, and it stays.
    Stays,
    /// The migration took it away, and it does not come back.
    Missing,
    /// It is not what it was.
    Changed,
    /// The way back takes it away, though the migration did not make it.
    Lost,
    /// The way back makes it, though it was not there.
    New,
}

/// What is different after going forth and back.
pub(super) fn differences(before: &Facts, after: &Facts, end: &Facts) -> Vec<(Key, Left, Fact)> {
    let mut found: Vec<(Key, Left, Fact)> = Vec::new();
    for (key, was) in before {
        match end.get(key) {
            None if after.contains_key(key) => found.push((key.clone(), Left::Lost, was.clone())),
            None => found.push((key.clone(), Left::Missing, was.clone())),
            Some(is) => {
                if let Some(fact) = changed(key, was, after.get(key), is) {
                    found.push((key.clone(), Left::Changed, fact));
                }
            }
        }
    }
    for (key, is) in end {
        if !before.contains_key(key) {
            let left = if after.contains_key(key) { Left::Stays } else { Left::New };
            found.push((key.clone(), left, is.clone()));
        }
    }
    // A renamed thing is missing and stays: once is enough.
    let renamed: Vec<Key> = found
        .iter()
        .filter(|(_, left, _)| *left == Left::Missing)
        .filter(|(key, _, fact)| {
            found.iter().any(|(other, left, is)| {
                *left == Left::Stays
                    && other.part == key.part
                    && is.definition == fact.definition
                    && is.created == fact.created
            })
        })
        .map(|(key, _, _)| key.clone())
        .collect();
    found.retain(|(key, left, _)| *left != Left::Missing || !renamed.contains(key));
    forget_other_names(&mut found);
    let whole: Vec<Key> =
        found.iter().filter(|(_, left, _)| *left != Left::Changed).map(|(key, _, _)| key.clone()).collect();
    found.retain(|(key, _, _)| {
        !whole.iter().any(|object| key.is_within(object)) && !renamed.iter().any(|object| key.is_within(object))
    });
    found
}

/// What has become of something that is there again.
fn changed(key: &Key, was: &Fact, between: Option<&Fact>, is: &Fact) -> Option<Fact> {
    if was.definition == is.definition {
        return None;
    }
    let kind = |definition: &str| definition.split('|').next().unwrap_or_default().to_owned();
    match between {
        // Nothing is known of how it was: only what the way back leaves as the migration made it is plain.
        Some(between) if was.definition.starts_with('|') => {
            (between.definition != was.definition && between.definition == is.definition).then(|| is.clone())
        }
        Some(_) => Some(is.clone()),
        // Made anew, on a table that may have rows: no more than its type can be asked for.
        None => {
            let is_column = key.part == Part::Within(ObjectKind::Column);
            let known = !was.definition.starts_with('|');
            (is_column && known && kind(&was.definition) != kind(&is.definition)).then(|| is.clone())
        }
    }
}

/// What comes back under another name is back, and so is a constraint that comes back as an index.
fn forget_other_names(found: &mut Vec<(Key, Left, Fact)>) {
    let is_part = |key: &Key| {
        matches!(key.part, Part::Within(ObjectKind::Constraint | ObjectKind::Trigger) | Part::Object(ObjectKind::Index))
    };
    let all: Vec<(Key, Left, Fact)> = found.iter().filter(|(key, ..)| is_part(key)).cloned().collect();
    let has = |left: Left, key: &Key, fact: &Fact| {
        all.iter().any(|(other, is, of)| {
            *is == left
                && ((other.part == key.part && of.definition == fact.definition)
                    || (other.part != key.part && (other.name.name == key.sub || other.sub == key.name.name)))
        })
    };
    found.retain(|(key, left, fact)| match left {
        Left::Missing => !(is_part(key) && has(Left::New, key, fact)),
        Left::New => !(is_part(key) && has(Left::Missing, key, fact)),
        Left::Stays | Left::Changed | Left::Lost => true,
    });
}
