//! The same on a database with rows: what fails only where there are some, and which rows are others afterwards.

use std::collections::{BTreeMap, BTreeSet};

use super::ground::{Broke, Place, Stage};
use super::rows::{self, Digests};
use super::walk::{Subject, breakage};
use super::way::{generated_breakage, generated_fails};
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::db::fill::fill;
use crate::diagnostic::Diagnostic;
use crate::diff::Step as Statement;
use crate::error::Failure;
use crate::plan::step::Step;
use crate::report::TransactionMode;
use crate::report::verify::{DataLoss, LostBy, NotFilled, RowsDiffer, WithData};
use crate::seed::Wanted;
use crate::text::Source;

/// How many rows each table gets.
const ROWS: usize = 5;

/// A shadow database with rows, which goes beside the one without.
pub struct Data {
    place: Place,
    filled: BTreeMap<Id, usize>,
    not_filled: BTreeMap<Id, String>,
    /// The project's seed files that are not in it yet, with why.
    seeds: Vec<(Source, Option<String>)>,
}

/// What came of a migration there.
pub struct Found {
    /// For machines.
    pub report: WithData,
    /// Rows that a second run changes again.
    pub again: Vec<RowsDiffer>,
    /// Values that the migration changed, and the way back leaves so.
    pub losses: Vec<DataLoss>,
    /// For people.
    pub diagnostics: Vec<Diagnostic>,
}

/// What the migration does to the schema, and what takes it back.
pub struct Change<'a> {
    /// The schema before it, and after it.
    pub states: &'a (Catalog, Catalog),
    /// Names of the same objects before and after it.
    pub renamed: &'a [(Id, Id)],
    /// The generated way back, where there is no down file.
    pub back: Option<&'a [Statement]>,
}

impl Data {
    /// Begins on a shadow database, with rows for what is there, the project's own first.
    pub async fn begin(place: Place, catalog: &Catalog, seeds: Vec<Source>) -> Result<Self, Failure> {
        let seeds = seeds.into_iter().map(|seed| (seed, None)).collect();
        let mut data = Self { place, filled: BTreeMap::new(), not_filled: BTreeMap::new(), seeds };
        data.grow(catalog).await?;
        Ok(data)
    }

    /// Drops it.
    pub async fn drop(self) -> Result<(), Failure> {
        Box::pin(self.place.drop()).await
    }

    /// What is to be said of the seed files at the end.
    pub fn remarks(&self) -> Vec<String> {
        let said = |(seed, why): &(Source, Option<String>)| {
            let why = why.as_deref().unwrap_or("there was no state to load it on");
            format!("the seed file `{}` could not be loaded: {why}", seed.name())
        };
        self.seeds.iter().map(said).collect()
    }

    /// Tries a migration, and goes on with what it leaves.
    pub async fn walk(&mut self, subject: &Subject, change: &Change<'_>) -> Result<Found, Failure> {
        let mut found = Found {
            report: WithData { tables: self.filled.len(), not_filled: self.concerned(change), ..WithData::default() },
            again: Vec::new(),
            losses: Vec::new(),
            diagnostics: Vec::new(),
        };
        let mut on_copy = subject.up.transaction != TransactionMode::Single
            || subject.down.as_ref().is_some_and(|down| down.transaction != TransactionMode::Single);
        loop {
            let known = self.before(change, on_copy, subject).await?;
            let stage = self.place.stage(on_copy).await?;
            let tried = self.on(&stage, subject, change, &known, &mut found).await;
            self.place.leave(stage).await?;
            match tried? {
                Tried::Done => break,
                Tried::WantsCommits if on_copy => break,
                Tried::WantsCommits => on_copy = true,
                Tried::InTheWay(table) => self.clear(&table, &mut found.report).await?,
            }
        }
        let (before, after) = change.states;
        self.filled.retain(|id, _| !before.entries.contains_key(id) || after.entries.contains_key(id));
        self.go_on(subject, after).await?;
        Ok(found)
    }

    /// Runs a migration that nobody asked about.
    pub async fn pass(&mut self, subject: &Subject, after: &Catalog) -> Result<(), Failure> {
        self.filled.retain(|id, _| after.entries.contains_key(id));
        self.go_on(subject, after).await
    }

    /// Tables of the change that have no rows.
    fn concerned(&self, change: &Change<'_>) -> Vec<NotFilled> {
        let is_there = |id: &&Id| change.states.0.entries.contains_key(*id);
        let empty = self.not_filled.iter().filter(|(id, _)| is_there(id));
        empty.map(|(id, why)| NotFilled { table: id.qualified(), why: why.clone() }).collect()
    }

    /// What the tables hold that the migration or its way back touches, as far as they keep their columns.
    async fn before(&mut self, change: &Change<'_>, on_copy: bool, subject: &Subject) -> Result<Known, Failure> {
        let (kept, retyped) = kept_columns(change);
        let mut tables: BTreeSet<String> = kept.keys().map(|id| rows::qualified(&id.schema, &id.name)).collect();
        if !on_copy {
            // What it touches is known once it has run.
            let stage = self.place.stage(false).await?;
            let touched = self.rehearse(&stage, subject, change).await;
            self.place.leave(stage).await?;
            tables.extend(touched?);
        }
        let session = self.place.session()?;
        let columns = rows::columns(session, &tables, &kept).await?;
        let digests = rows::of_columns(session, &columns).await?;
        let mut typed = Vec::new();
        for id in retyped {
            let table = id.beside(Kind::Table, "");
            let names = BTreeSet::from([table.qualified()]);
            let only = BTreeMap::from([(table, BTreeSet::from([id.part.clone()]))]);
            let columns = rows::columns(session, &names, &only).await?;
            let digests = rows::of_columns(session, &columns).await?;
            typed.push((id.part.clone(), columns, digests));
        }
        Ok(Known { columns, digests, typed })
    }

    /// Runs it there and back, as far as it runs; gives the tables whose rows were touched.
    async fn rehearse(
        &self,
        stage: &Stage,
        subject: &Subject,
        change: &Change<'_>,
    ) -> Result<BTreeSet<String>, Failure> {
        if self.place.play(stage, &subject.up).await?.is_err() || self.back(stage, subject, change).await?.is_some() {
            return Ok(BTreeSet::new());
        }
        self.touched(stage).await
    }

    async fn touched(&self, stage: &Stage) -> Result<BTreeSet<String>, Failure> {
        let touched = self.place.touched(stage).await?.unwrap_or_default();
        Ok(touched.tables().iter().map(rows::name).collect())
    }

    /// The same with what may have been written anew.
    async fn changed(&self, stage: &Stage) -> Result<BTreeSet<String>, Failure> {
        let touched = self.place.touched(stage).await?.unwrap_or_default();
        let mut changed = rows::with_rows(self.place.on(stage)?, &touched.exclusive()).await?;
        changed.extend(touched.tables().iter().map(rows::name));
        Ok(changed)
    }

    /// Takes it back; gives what failed.
    async fn back(
        &self,
        stage: &Stage,
        subject: &Subject,
        change: &Change<'_>,
    ) -> Result<Option<(crate::report::verify::Breakage, Diagnostic, bool)>, Failure> {
        if let Some(down) = &subject.down {
            let title =
                format!("the way back of `{}_{}` fails where there are rows", subject.up.version, subject.up.name);
            return Ok(self.place.play(stage, down).await?.err().map(|broke| {
                let (failure, diagnostic) = breakage(down, &broke, ("verify/reversible", title));
                (failure, diagnostic, broke.wants_commits())
            }));
        }
        let ran = self.place.run(stage, change.back.unwrap_or_default()).await?;
        Ok(ran.map(|(sql, broke)| {
            let title = "the generated way back of `{}` fails where there are rows";
            let diagnostic = generated_fails(&subject.up, title, &sql, &broke);
            (generated_breakage(&sql, &broke), diagnostic, broke.wants_commits())
        }))
    }

    /// Takes the rows of a table away that were made up for it, and those that lead to them.
    async fn clear(&mut self, table: &Id, report: &mut WithData) -> Result<(), Failure> {
        self.place.session()?.batch(&format!("truncate {} cascade", table.qualified())).await?;
        self.filled.remove(table);
        let why = "rows made up for it had a key that the migration brings".to_owned();
        report.not_filled.push(NotFilled { table: table.qualified(), why });
        Ok(())
    }

    /// The table whose made-up rows have a key that a statement brings with rows of its own: no fault of it.
    fn in_the_way(&self, up: &Step, broke: &Broke) -> Option<Id> {
        let statement = up.statements.iter().find(|it| Some(it.number) == broke.number)?;
        let brings = !["CREATE", "ALTER"].iter().any(|verb| statement.kind.starts_with(verb));
        let error = broke.error.server().filter(|error| error.sqlstate == "23505" && brings)?;
        let table = Id::new(Kind::Table, error.schema.as_ref()?, error.table.as_ref()?);
        self.filled.contains_key(&table).then_some(table)
    }

    async fn on(
        &self,
        stage: &Stage,
        subject: &Subject,
        change: &Change<'_>,
        known: &Known,
        found: &mut Found,
    ) -> Result<Tried, Failure> {
        let is_inside = matches!(stage, Stage::Inside);
        let up = &subject.up;
        let session = self.place.on(stage)?;
        if let Err(broke) = self.place.play(stage, up).await? {
            if is_inside && broke.wants_commits() {
                return Ok(Tried::WantsCommits);
            }
            if let Some(table) = self.in_the_way(up, &broke) {
                return Ok(Tried::InTheWay(table));
            }
            let title = format!("migration `{}_{}` does not apply where there are rows", up.version, up.name);
            let (mut failure, mut diagnostic) = breakage(up, &broke, ("verify/with-data", title));
            if let Some(made_up) = self.is_of_equal_rows(&broke) {
                failure.help.insert(0, made_up.clone());
                diagnostic.notes.push(made_up);
            }
            found.report.failure = Some(failure);
            found.diagnostics.push(diagnostic);
            return Ok(Tried::Done);
        }
        found.report.applies = true;
        let touched = if is_inside { self.touched(stage).await? } else { BTreeSet::new() };
        if is_inside {
            let changed = self.changed(stage).await?;
            session.batch("savepoint again").await?;
            let left = rows::digests(session, &changed).await?;
            if self.place.play(stage, up).await?.is_ok() {
                found.again = rows::differing(&left, &rows::digests(session, &changed).await?, rows::Times::MayDiffer);
            }
            session.batch("rollback to again").await?;
        }
        if let Some((failure, diagnostic, wants_commits)) = self.back(stage, subject, change).await? {
            if is_inside && wants_commits {
                return Ok(Tried::WantsCommits);
            }
            found.report.back_failure = Some(failure);
            found.diagnostics.push(diagnostic);
            return Ok(Tried::Done);
        }
        found.report.reversible = true;
        let left = rows::of_columns(session, &known.columns).await?;
        for (name, columns, was) in &known.typed {
            let is = rows::of_columns(session, columns).await?;
            for differ in rows::differing(was, &is, rows::Times::Count) {
                let column = Some(name.clone());
                let why = "its type is another, and its values are others after the way there and back".to_owned();
                found.losses.push(DataLoss { table: differ.table, column, by: LostBy::Up, why });
            }
        }
        for differ in rows::differing(&known.digests, &left, rows::Times::Count) {
            if touched.contains(&differ.table) {
                found.losses.push(DataLoss {
                    table: differ.table,
                    column: None,
                    by: LostBy::Up,
                    why: format!("its statements change rows, and the way back leaves them so: {}", differ.how),
                });
            } else {
                found.report.rows.push(differ);
            }
        }
        if !found.report.rows.is_empty() {
            found.diagnostics.push(other_rows(subject, &found.report.rows));
        }
        Ok(Tried::Done)
    }

    /// What is to be said where made-up rows are equal that a new key wants to tell apart.
    fn is_of_equal_rows(&self, broke: &Broke) -> Option<String> {
        let server = broke.error.server()?;
        let is_built =
            matches!(server.sqlstate.as_str(), "23505" | "23P01") && server.message.starts_with("could not create");
        let table = server.table.as_deref().filter(|_| is_built)?;
        let id = Id::new(Kind::Table, server.schema.as_deref().unwrap_or_default(), table);
        (!self.filled.is_empty()).then(|| {
            format!(
                "rows were made up with equal values wherever nothing forbids it, and nothing in `{}` did: real rows may be \
                 equal too, so mend them in a statement before it",
                id.qualified()
            )
        })
    }

    /// Applies it for good, without rows where it fails on them, and gives rows to what it has made.
    async fn go_on(&mut self, subject: &Subject, after: &Catalog) -> Result<(), Failure> {
        if self.place.advance(&subject.up).await?.is_err() {
            self.empty().await?;
            if let Err(broke) = self.place.advance(&subject.up).await? {
                tracing::debug!(error = %broke.error, "it does not apply on a database without rows either");
            }
        }
        self.grow(after).await
    }

    /// Takes all rows away.
    async fn empty(&mut self) -> Result<(), Failure> {
        rows::truncate(self.place.session()?).await?;
        self.filled.clear();
        Ok(())
    }

    /// Loads seed files that fit now, and fills tables that have no rows.
    async fn grow(&mut self, catalog: &Catalog) -> Result<(), Failure> {
        let session = self.place.session()?;
        let mut waiting = Vec::new();
        for (seed, _) in std::mem::take(&mut self.seeds) {
            match rows::load(session, &seed).await? {
                None => {}
                Some(why) => waiting.push((seed, Some(why))),
            }
        }
        self.seeds = waiting;
        let is_table = |id: &&Id| id.kind == Kind::Table && !catalog.is_partition(id);
        let wanted = catalog.entries.keys().filter(is_table).filter(|id| !self.filled.contains_key(*id));
        let tables: BTreeSet<Id> = wanted.cloned().collect();
        if tables.is_empty() {
            return Ok(());
        }
        let wanted =
            Wanted { groups: 1, rows: ROWS, alike: true, fixed: BTreeMap::new(), tables: Some(tables.clone()) };
        for table in fill(session, catalog, &wanted).await?.tables {
            if !tables.contains(&table.table) {
                continue;
            }
            match table.why {
                Some(why) if table.rows == 0 => {
                    self.not_filled.insert(table.table, why);
                }
                _ => {
                    self.not_filled.remove(&table.table);
                    self.filled.insert(table.table, table.rows);
                }
            }
        }
        Ok(())
    }
}

/// Rows that a migration and its way back leave otherwise, without a reason.
fn other_rows(subject: &Subject, rows: &[RowsDiffer]) -> Diagnostic {
    let title = format!(
        "rows are others after `{}_{}` and its way back, which had no reason to touch them",
        subject.up.version, subject.up.name
    );
    let mut diagnostic = Diagnostic::error("verify/reversible", title);
    if let Some(down) = &subject.down {
        diagnostic = diagnostic.note(format!("the way back is `{}`", down.path));
    }
    for rows in rows {
        diagnostic = diagnostic.note(format!("{} holds {}", rows.table, rows.how));
    }
    diagnostic
        .help("take out of the way back what changes these rows, or change them in the migration where that is meant")
}

/// How far a trial came.
enum Tried {
    Done,
    /// It can be tried only where its parts are committed.
    WantsCommits,
    /// Rows that were made up for this table have a key that the migration brings.
    InTheWay(Id),
}

/// What tables held before.
struct Known {
    columns: rows::Columns,
    digests: Digests,
    /// The same of each column that changes its type.
    typed: Vec<(String, rows::Columns, Digests)>,
}

/// The columns of tables that are there before and after: those with the same type, which a migration has no reason to
/// touch, and the others.
fn kept_columns(change: &Change<'_>) -> (BTreeMap<Id, BTreeSet<String>>, Vec<Id>) {
    let (before, after) = change.states;
    let now = |id: &Id| {
        let renamed = change.renamed.iter().find(|(old, _)| old == id).map(|(_, new)| new.clone());
        renamed.unwrap_or_else(|| id.clone())
    };
    let data_type = |catalog: &Catalog, id: &Id| match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Column(column)) => Some(column.data_type.clone()),
        _ => None,
    };
    let (mut kept, mut typed): (BTreeMap<Id, BTreeSet<String>>, _) = (BTreeMap::new(), Vec::new());
    for id in before.entries.keys().filter(|id| id.kind == Kind::Column) {
        let table = id.beside(Kind::Table, "");
        match data_type(after, &now(id)) {
            _ if !before.entries.contains_key(&table) => {}
            Some(now) if Some(&now) == data_type(before, id).as_ref() => {
                kept.entry(table).or_default().insert(id.part.clone());
            }
            Some(_) => typed.push(id.clone()),
            None => {}
        }
    }
    (kept, typed)
}
