//! `--keep-data`: what a way back would drop is kept in a schema of dbctl's own, with the statements that bring it back.
//!
//! A plain table that generated statements drop is moved there: nothing of it is copied. Whatever ties it to the rest is
//! taken off it first, and columns of types that may go later become text. Anything else is copied before the way back
//! begins: a column with its table's key, a partition, and all that a down file drops by itself.

use std::collections::BTreeSet;

use super::Names;
use super::counters::{counting, list, write_down};
use super::trash_restore::{restore_columns, restore_table, stuck};
use crate::catalog::{Catalog, Column, ConstraintType, Id, Kind, Object};
use crate::diff::{Step, Verb};
use crate::risk::LockMode;
use crate::text::{bare_ident, quote_literal};

/// The schema that keeps what was dropped.
pub const TRASH: &str = "dbctl_trash";

/// How much of a version stands in a name.
const VERSION: usize = 20;

/// Behind any number of tables.
const COLUMNS_LAST: usize = 100_000;

/// The longest name that PostgreSQL keeps whole.
const LONGEST: usize = 63;

/// Something that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The table that it is taken from.
    pub table: Id,
    /// The columns; empty where it is the whole table.
    pub columns: Vec<String>,
    /// The columns that tell its rows apart; empty where there is no key.
    pub key: Vec<String>,
    /// The table in [`TRASH`] that holds it.
    pub held: String,
    /// Whether it is moved there, and not copied.
    pub moved: bool,
    /// When it is brought back among others of its migration: the lowest first.
    pub order: usize,
    /// The statements that bring it back, once the table or the columns are there again; none where nobody can tell which
    /// row is which.
    pub restore: Option<String>,
    /// Why there are none.
    pub stuck: Option<String>,
    /// The columns that count; how far they have is kept too.
    pub counters: Vec<String>,
}

/// The schema in which what is kept comes back: the one that was there when the rollback began.
#[derive(Debug, Clone, Copy)]
pub struct Present<'a> {
    /// What is in it.
    pub catalog: &'a Catalog,
    /// What each object of the schema after the migration is called in it.
    pub names: &'a Names,
    /// The newest migration that has to be applied again before, as refinery knows it.
    pub newest: i64,
}

/// Keeps what the way back of one migration drops.
pub struct Keeper<'a> {
    /// The schema before the migration: where the way back leads.
    pub before: &'a Catalog,
    /// The schema after it: where the way back begins.
    pub after: &'a Catalog,
    /// What each object of `after` is called in `before`.
    pub back: &'a Names,
    /// The migration: refinery's version, and the one in its file name.
    pub key: i64,
    /// The same, as in its file name.
    pub version: &'a str,
    /// Tells this time from others.
    pub stamp: &'a str,
    /// Where it comes back.
    pub present: Present<'a>,
}

impl Keeper<'_> {
    /// Keeps what generated steps drop: the steps that copy before them and move in place of drop, and what is kept.
    pub fn of_steps(&self, steps: &[Step]) -> (Vec<Step>, Vec<Kept>) {
        let known = self.back.back();
        let mut kept = self.copies(|table| {
            let is_dropped = |step: &Step| {
                step.verb == Verb::Drop
                    && step.id.kind == Kind::Table
                    && (known.id(&step.id) == *table || step.id == *table)
            };
            !(self.is_plain(table) && steps.iter().any(is_dropped))
        });
        let mut taken: BTreeSet<String> = kept.iter().map(|it| it.held.clone()).collect();
        let mut all = Vec::with_capacity(steps.len());
        for step in steps {
            let table =
                [known.id(&step.id), step.id.clone()].into_iter().find(|id| self.after.entries.contains_key(id));
            match table.filter(|id| step.verb == Verb::Drop && id.kind == Kind::Table && self.is_plain(id)) {
                Some(table) if !self.before.entries.contains_key(&self.back.id(&table)) => {
                    let it = self.kept(&table, Vec::new(), true, &mut taken);
                    all.extend(self.move_away(&it, &step.id));
                    kept.push(it);
                }
                _ => all.push(step.clone()),
            }
        }
        let copies = |it: &Kept| self.copy(it).into_iter().map(|sql| Step::alter(&it.table, sql)).collect::<Vec<_>>();
        let first = kept.first().map(|it| schema().map(|sql| Step::alter(&it.table, sql)).to_vec()).unwrap_or_default();
        let beside = kept.iter().filter(|it| !it.moved).flat_map(copies);
        (first.into_iter().chain(beside).chain(all).collect(), kept)
    }

    /// Keeps what a down file drops by itself: what has to run before it, and what is kept.
    pub fn of_file(&self) -> (Vec<String>, Vec<Kept>) {
        let kept = self.copies(|_| true);
        let mut copies: Vec<String> = kept.iter().flat_map(|it| self.copy(it)).collect();
        if !kept.is_empty() {
            copies.splice(0..0, schema());
        }
        (copies, kept)
    }

    /// The tables, where `is_copied` says so, and the columns that go, as they are copied.
    fn copies(&self, is_copied: impl Fn(&Id) -> bool) -> Vec<Kept> {
        let mut taken = BTreeSet::new();
        let mut all = Vec::new();
        for (id, entry) in &self.after.entries {
            let Object::Table(table) = &entry.object else { continue };
            if !self.before.entries.contains_key(&self.back.id(id)) {
                // The rows of a partitioned table are its partitions'.
                if table.partition_key.is_none() && is_copied(id) {
                    all.push(self.kept(id, Vec::new(), false, &mut taken));
                }
                continue;
            }
            if self.after.is_partition(id) {
                continue;
            }
            let goes = |(id, _, column): &(&Id, _, &Column)| {
                let is_there = self.before.entries.contains_key(&self.back.id(id));
                !is_there && column.generated.is_none()
            };
            let columns: Vec<String> =
                self.after.columns(id).into_iter().filter(goes).map(|(id, ..)| id.part.clone()).collect();
            if !columns.is_empty() {
                all.push(self.kept(id, columns, false, &mut taken));
            }
        }
        all
    }

    /// Whether nothing but its own rows is in it, so that it can be moved as it is.
    fn is_plain(&self, table: &Id) -> bool {
        let is_plain = matches!(self.after.get(table).map(|it| &it.object), Some(Object::Table(it))
            if it.partition_key.is_none() && it.of_type.is_none());
        is_plain && self.after.parents(table).is_empty() && self.after.children(table).next().is_none()
    }

    fn kept(&self, table: &Id, columns: Vec<String>, moved: bool, taken: &mut BTreeSet<String>) -> Kept {
        let version: String = self.version.chars().filter(char::is_ascii_alphanumeric).take(VERSION).collect();
        let end = format!("__{version}__{}", self.stamp);
        let held = (1..).map(|number| {
            let end = if number > 1 { format!("{end}_{number}") } else { end.clone() };
            let most = LONGEST.saturating_sub(end.len());
            let cut = (0..=most.min(table.name.len())).rev().find(|at| table.name.is_char_boundary(*at)).unwrap_or(0);
            format!("{}{end}", &table.name[..cut])
        });
        let held = held.into_iter().find(|name| !taken.contains(name)).unwrap_or_default();
        taken.insert(held.clone());
        let key = self.key(table);
        let is_kept = |name: &String| columns.is_empty() || columns.contains(name);
        let counters = counting(table, self.after).into_iter().map(|id| id.part.clone()).filter(is_kept).collect();
        let table = table.clone();
        let mut it = Kept { table, columns, key, held, moved, order: 0, restore: None, stuck: None, counters };
        it.order = self.order(&it);
        it.restore = if it.columns.is_empty() {
            restore_table(&it, self.after, self.present)
        } else {
            restore_columns(&it, self.after, self.present)
        };
        it.stuck = stuck(&it, self.after, self.present);
        it
    }

    /// The columns that tell the rows of a table apart, there and back: its primary key, or whatever is unique and never null.
    fn key(&self, table: &Id) -> Vec<String> {
        let constraints = self.after.parts(table, Kind::Constraint).filter_map(|(_, entry)| match &entry.object {
            Object::Constraint(it) if matches!(it.what, ConstraintType::Primary | ConstraintType::Unique) => Some(it),
            _ => None,
        });
        let is_full = |columns: &[String]| {
            !columns.is_empty()
                && columns.iter().all(|it| self.after.column(table, it).is_some_and(|it| it.not_null.is_some()))
        };
        let mut keys: Vec<_> = constraints.filter(|it| is_full(&it.columns)).collect();
        keys.sort_by_key(|it| it.what != ConstraintType::Primary);
        keys.first().map(|it| it.columns.clone()).unwrap_or_default()
    }

    /// Writes down what is kept.
    fn record(&self, it: &Kept) -> String {
        let list = |names: &[String]| {
            let names: Vec<String> = names.iter().map(|name| quote_literal(name)).collect();
            if names.is_empty() { "null".to_owned() } else { format!("array[{}]", names.join(", ")) }
        };
        let restore = it.restore.as_deref().map_or_else(|| "null".to_owned(), quote_literal);
        format!(
            "insert into {TRASH}.kept (key, newest_key, version, of_schema, of_table, of_columns, key_columns, held_in, restore_order, \
             restore)\n  values ({}, {}, {}, {}, {}, {}, {}, {}, {}, {restore})",
            self.key,
            self.present.newest,
            quote_literal(self.version),
            quote_literal(&it.table.schema),
            quote_literal(&it.table.name),
            list(&it.columns),
            list(&it.key),
            quote_literal(&it.held),
            it.order,
        )
    }

    /// When it is brought back: tables before those that refer to them, and columns once all rows are there.
    fn order(&self, it: &Kept) -> usize {
        if !it.columns.is_empty() {
            return COLUMNS_LAST;
        }
        let (mut seen, mut level) = (BTreeSet::from([it.table.clone()]), BTreeSet::from([it.table.clone()]));
        let mut depth = 0;
        loop {
            let refers = level.iter().flat_map(|table| self.after.parts(table, Kind::Constraint));
            let referred: BTreeSet<Id> = refers
                .filter_map(|(_, entry)| match &entry.object {
                    Object::Constraint(it) => it.references.as_ref(),
                    _ => None,
                })
                .map(|(schema, name)| Id::new(Kind::Table, schema, name))
                .filter(|id| !seen.contains(id) && !self.before.entries.contains_key(&self.back.id(id)))
                .collect();
            if referred.is_empty() {
                return depth;
            }
            depth += 1;
            seen.extend(referred.iter().cloned());
            level = referred;
        }
    }

    /// The statements that copy.
    fn copy(&self, it: &Kept) -> Vec<String> {
        let table = it.table.qualified();
        let is_wanted = |name: &String| {
            // Without a key the whole row tells which it was.
            it.columns.is_empty() || it.key.is_empty() || it.key.contains(name) || it.columns.contains(name)
        };
        let columns = self.after.columns(&it.table);
        let columns = columns.iter().filter(|(id, ..)| is_wanted(&id.part));
        let list: Vec<String> = columns.map(|(id, _, column)| plain(&id.part, column)).collect();
        let list = if list.is_empty() { String::new() } else { format!(" {}", list.join(", ")) };
        let only = if it.columns.is_empty() { "only " } else { "" };
        let mut sql = vec![
            format!("lock table {only}{table} in access exclusive mode"),
            format!("create table {} as\n  select{list} from {only}{table}", held(it)),
            self.record(it),
        ];
        sql.extend(Self::counted(it, &it.table));
        sql
    }

    /// The statements that write down how far its columns have counted; `now` is what the table is called at that time.
    fn counted<'k>(it: &'k Kept, now: &'k Id) -> impl Iterator<Item = String> + 'k {
        it.counters
            .iter()
            .map(|name| write_down(&it.held, &it.table.beside(Kind::Column, name), &now.beside(Kind::Column, name)))
    }

    /// The steps that move a table; `now` is what it is called at that time.
    fn move_away(&self, it: &Kept, now: &Id) -> Vec<Step> {
        let (table, name) = (&it.table, now.qualified());
        let mut sql: Vec<String> = Self::counted(it, now).collect();
        for (id, entry) in self.after.parts(table, Kind::PublicationTable) {
            // It goes with its publication too.
            let publication = self.back.id(&Id::new(Kind::Publication, "", &id.part));
            if matches!(entry.object, Object::PublicationTable(_)) && self.before.entries.contains_key(&publication) {
                sql.push(format!("alter publication {} drop table only {name}", bare_ident(&id.part)));
            }
        }
        for (kind, word) in [(Kind::Policy, "policy"), (Kind::Rule, "rule"), (Kind::Trigger, "trigger")] {
            let parts = self.after.parts(table, kind);
            sql.extend(parts.map(|(id, _)| format!("drop {word} if exists {} on {name}", bare_ident(&id.part))));
        }
        // A foreign key to the table itself needs its primary key.
        let constraints = self.after.parts(table, Kind::Constraint).filter_map(|(id, entry)| match &entry.object {
            Object::Constraint(it) if it.what != ConstraintType::Trigger => {
                Some((it.what != ConstraintType::Foreign, bare_ident(&id.part)))
            }
            _ => None,
        });
        let mut constraints: Vec<_> = constraints.collect();
        constraints.sort();
        let mut actions: Vec<String> =
            constraints.iter().map(|(_, name)| format!("drop constraint if exists {name}")).collect();
        let mut types = Vec::new();
        for (id, _, column) in self.after.columns(table) {
            let name = bare_ident(&id.part);
            if column.generated.as_ref().is_some_and(|it| it.stored) {
                actions.push(format!("alter column {name} drop expression if exists"));
            } else if column.generated.is_some() {
                actions.push(format!("drop column {name}"));
                continue;
            } else if column.identity.is_some() {
                actions.push(format!("alter column {name} drop identity if exists"));
            } else if self.after.entries.contains_key(&id.beside(Kind::Default, &id.part)) {
                actions.push(format!("alter column {name} drop default"));
            }
            if is_foreign(column) {
                types.push(format!("alter column {name} type text collate \"default\" using {name}::text"));
            }
        }
        if matches!(self.after.get(table).map(|it| &it.object), Some(Object::Table(it)) if it.force_row_security) {
            actions.push("no force row level security".to_owned());
        }
        let altered = |actions: &[String]| {
            (!actions.is_empty()).then(|| format!("alter table {name}\n  {}", actions.join(",\n  ")))
        };
        sql.extend(altered(&actions));
        for (id, entry) in &self.after.entries {
            match &entry.object {
                Object::Index(index) if id.schema == table.schema && index.table == table.name => {
                    sql.push(format!("drop index if exists {}.{}", bare_ident(&now.schema), bare_ident(&id.name)));
                }
                Object::Statistics(it) if it.table == (table.schema.clone(), table.name.clone()) => {
                    sql.push(format!("drop statistics if exists {}", id.qualified()));
                }
                Object::Sequence(sequence) if !sequence.of_identity => {
                    if matches!(&sequence.owned_by, Some((schema, name, _)) if (schema, name) == (&table.schema, &table.name))
                    {
                        sql.push(format!("drop sequence if exists {}", id.qualified()));
                    }
                }
                _ => {}
            }
        }
        // An index of some rows is about the values of a type.
        sql.extend(altered(&types));
        let held_name = bare_ident(&it.held);
        sql.push(format!("alter table {name} rename to {held_name}"));
        sql.push(format!("alter table {}.{held_name} set schema {TRASH}", bare_ident(&now.schema)));
        sql.push(self.record(it));
        let mut steps: Vec<Step> = sql.into_iter().map(|sql| Step::alter(now, sql)).collect();
        if let Some(first) = steps.first_mut() {
            *first = first.clone().lock(LockMode::AccessExclusive, &name);
        }
        steps
    }
}

/// The table in the trash, as SQL names it.
pub(super) fn held(it: &Kept) -> String {
    format!("{TRASH}.{}", bare_ident(&it.held))
}

/// Whether a column's type or collation is not PostgreSQL's own, and may go.
pub(super) fn is_foreign(column: &Column) -> bool {
    let of_its_own = |name: &str| name.contains('.') && !name.starts_with("pg_catalog.");
    of_its_own(&column.data_type) || column.collation.as_deref().is_some_and(of_its_own)
}

/// A column as it is copied: what is not PostgreSQL's own becomes text.
fn plain(name: &str, column: &Column) -> String {
    let name = bare_ident(name);
    if is_foreign(column) { format!("{name}::text collate \"default\" as {name}") } else { name.into_owned() }
}

/// Makes the schema and the list of what is kept.
fn schema() -> [String; 3] {
    [
        format!("create schema if not exists {TRASH}"),
        format!(
            "create table if not exists {TRASH}.kept (\n  \
             id bigint generated always as identity primary key,\n  \
             kept_at timestamptz not null default pg_catalog.now(),\n  \
             kept_by text not null default session_user,\n  \
             key bigint not null,\n  \
             newest_key bigint not null,\n  \
             version text not null,\n  \
             of_schema text not null,\n  \
             of_table text not null,\n  \
             of_columns text[],\n  \
             key_columns text[],\n  \
             held_in text not null,\n  \
             restore text,\n  \
             restore_order integer not null,\n  \
             restored_at timestamptz\n)"
        ),
        list(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::rename::tests::table;
    use crate::diff::{Options, plan};

    #[test]
    fn a_dropped_table_is_moved_and_a_dropped_column_is_copied_with_its_key() {
        let (mut before, mut after) = (Catalog::default(), Catalog::default());
        table(&mut before, "users", &[("id", "bigint")]);
        table(&mut after, "users", &[("id", "bigint"), ("state", "public.status")]);
        table(&mut after, "logs", &[("id", "bigint"), ("state", "public.status")]);
        let steps = plan(&after, &before, Options::default()).steps;
        let back = Names::default();
        let present = Present { catalog: &after, names: &back, newest: 7 };
        let keeper = Keeper { before: &before, after: &after, back: &back, key: 7, version: "7", stamp: "x", present };
        let (steps, kept) = keeper.of_steps(&steps);
        assert!(
            steps[4].sql.contains("create table dbctl_trash.users__7__x as\n  select id, state::text"),
            "{steps:#?}"
        );
        let sql: Vec<&str> = steps.iter().map(|it| it.sql.as_str()).collect();
        assert!(!sql.iter().any(|it| it.starts_with("drop table")), "{sql:#?}");
        assert!(sql.contains(&"alter table public.logs__7__x set schema dbctl_trash"), "{sql:#?}");
        let said: Vec<_> = kept.iter().map(|it| (it.held.as_str(), it.moved, it.restore.is_some())).collect();
        assert_eq!(said, [("users__7__x", false, false), ("logs__7__x", true, true)], "without a key nobody can tell");
        assert_eq!(
            kept[0].stuck.as_deref(),
            Some("public.users has no key, and nobody can tell which row each value belongs to")
        );
        assert_eq!(kept[1].stuck, None);
        let restore = kept[1].restore.as_deref().unwrap();
        assert!(
            restore.starts_with(
                "insert into public.logs (id, state) overriding system value\n  select held.id, held.state::public.status"
            ),
            "{restore}"
        );
    }

    #[test]
    fn names_stay_as_short_as_postgresql_keeps_them_and_apart() {
        let (before, mut after) = (Catalog::default(), Catalog::default());
        let long = "ü".repeat(31);
        for name in [format!("{long}a"), format!("{long}b")] {
            table(&mut after, &name, &[("id", "bigint")]);
        }
        let back = Names::default();
        let present = Present { catalog: &after, names: &back, newest: 7 };
        let version = "2024-01-01-000000";
        let keeper = Keeper { before: &before, after: &after, back: &back, key: 7, version, stamp: "abcdefg", present };
        let (_, kept) = keeper.of_file();
        assert!(kept.iter().all(|it| it.held.len() <= 63) && kept[0].held != kept[1].held, "{kept:?}");
    }
}
