//! The way back of one migration: its down file where that is proved, generated steps where not, and what is known of it.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use super::super::steps;
use super::super::verify::shared;
use super::super::verify::walk::Walked;
use super::kept::InTrash;
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::diff::inverse::{
    By, DataStep, Keeper, Kept, Loss, Names, Present, Verdict, are_turned_back, counters_lost, data_steps, gone,
    losses, said_truly, verdict, zoned,
};
use crate::diff::{Plan, Step as Statement, Verb, file};
use crate::error::Failure;
use crate::migration::{Down, Migration};
use crate::plan::step::Step;
use crate::report::verify::{DataLoss, LostBy, Reversible};
use crate::report::{BackLock, BackLoss, BackSource, BackStep, TransactionMode};
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

/// What is wanted of ways back.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Whether the down file is taken although it is not exact.
    pub prefer_files: bool,
    /// What is dropped is kept, under names with this in them.
    pub keep: Option<&'a str>,
    /// The schema before the first step of the rollback, and what is called what in it.
    pub present: Present<'a>,
    /// The server that judged.
    pub server_version: &'a str,
}

/// A way back.
pub struct Way {
    /// What runs; none where there is nothing that could.
    pub step: Option<Step>,
    /// What is known of it.
    pub view: BackStep,
    /// What is lost, with the queries that count it: beside each of the view.
    pub losses: Vec<Loss>,
    /// Tables, as they are called after the migration, that must have no rows for a generated step to run, and why.
    pub wants_empty: Vec<(Id, String)>,
    /// What is kept.
    pub kept: Vec<Kept>,
    /// What each object after the migration is called before it.
    pub back: Names,
    /// The relations that it locks, by what they are called.
    pub locked: BTreeMap<String, Id>,
    /// The tables and columns that are there again: schema, table, and the column.
    pub comes_back: Vec<(String, String, Option<String>)>,
    /// What has to hold for the step to run, as statements that stop a script otherwise.
    pub guards: Vec<String>,
    /// Columns that count and are dropped, as they are called after the migration, where nothing keeps how far.
    pub counters: Vec<Id>,
    /// Columns whose values are read in the session's time zone, as they are called after the migration.
    pub zoned: Vec<Id>,
}

/// Makes the way back of a migration; `walked` is what a shadow has shown of it.
pub fn way(migration: &Migration, walked: Option<&Walked>, wanted: Wanted<'_>) -> Result<Way, Failure> {
    let seen = walked.and_then(|it| Some((it, it.states.as_ref()?, it.generated.as_ref()?)));
    match seen {
        Some((walked, (before, after), plan)) => Making { migration, walked, before, after, plan, wanted }.way(),
        None => untried(migration, walked),
    }
}

/// Makes the generated way back of a migration, whatever its down file says.
pub fn generated(migration: &Migration, walked: Option<&Walked>, wanted: Wanted<'_>) -> Result<Way, Failure> {
    let bare = Migration { down: None, ..migration.clone() };
    way(&bare, walked, wanted)
}

/// Brings back what the trash has of tables and columns that the way back makes again.
pub fn restoring(way: &mut Way, migration: &Migration, trash: &[InTrash]) -> Result<(), Failure> {
    let is_it = |kept: &InTrash, (schema, table, column): &(String, String, Option<String>)| {
        (&kept.table.0, &kept.table.1) == (schema, table)
            && match column {
                Some(column) => kept.columns.contains(column),
                None => kept.columns.is_empty(),
            }
    };
    // The newest counts: it is what was there last.
    let found: Vec<&InTrash> = way
        .comes_back
        .iter()
        .filter_map(|it| trash.iter().rev().find(|kept| kept.restore.is_some() && is_it(kept, it)))
        .collect();
    let Some(step) = way.step.as_ref().filter(|_| !found.is_empty()) else { return Ok(()) };
    let mut sql: Vec<&str> = found.iter().filter_map(|kept| kept.restore.as_deref()).collect();
    sql.dedup();
    let before = step.sent();
    let before = before.trim_end();
    let end = if before.ends_with(';') || before.is_empty() { "" } else { "\n;" };
    let text = match step.transaction {
        TransactionMode::Single => format!("{before}{end}\n{}", sql.concat()),
        TransactionMode::None | TransactionMode::SelfManaged => {
            format!("-- dbctl: no-transaction\n{before}{end}\nbegin;\n{}commit;\n", sql.concat())
        }
    };
    let path = step.path.clone();
    way.step = of_text(migration, &path, text)?;
    for loss in way.view.losses.iter_mut().filter(|loss| loss.by == By::Up) {
        let of = found.iter().find(|kept| {
            let table = Id::new(Kind::Table, &kept.table.0, &kept.table.1);
            table.qualified() == loss.table && loss.column.as_ref().is_none_or(|it| kept.columns.contains(it))
        });
        loss.kept_in = of.map(|kept| format!("{}.{}", crate::diff::inverse::TRASH, kept.held));
    }
    way.view
        .remarks
        .extend(found.iter().map(|kept| format!("{} comes back from dbctl_trash.{}", kept.what(), kept.held)));
    Ok(())
}

fn of_text(migration: &Migration, path: &str, text: String) -> Result<Option<Step>, Failure> {
    let down = Down::new(Utf8PathBuf::from(path), text.into_bytes()).map_err(|error| {
        crate::error::bug("a way back that was put together cannot be read", &std::io::Error::other(error.to_string()))
    })?;
    steps::down(&Migration { down: Some(down), ..migration.clone() })
}

/// The way back by the down file, of which nothing is known.
fn untried(migration: &Migration, walked: Option<&Walked>) -> Result<Way, Failure> {
    let step = steps::down(migration)?;
    let why = match walked {
        Some(_) => "the migration does not apply on a shadow database: nothing is known of its way back",
        None => "it was not tried on a shadow database",
    };
    let mut view = view(migration, BackSource::File, step.as_ref());
    view.remarks.push(why.to_owned());
    view.verdict = Verdict::NotReversible;
    let (losses, kept, back) = (Vec::new(), Vec::new(), Names::default());
    let (locked, counters) = (BTreeMap::new(), Vec::new());
    Ok(Way {
        step,
        view,
        losses,
        wants_empty: Vec::new(),
        kept,
        back,
        locked,
        comes_back: Vec::new(),
        guards: Vec::new(),
        counters,
        zoned: Vec::new(),
    })
}

fn view(migration: &Migration, source: BackSource, step: Option<&Step>) -> BackStep {
    BackStep {
        version: migration.version.text().to_owned(),
        name: migration.name.clone(),
        source,
        path: migration.down.as_ref().filter(|_| migration.is_reversible()).map(|down| down.path.to_string()),
        verdict: Verdict::Exact,
        proved: false,
        remarks: Vec::new(),
        losses: Vec::new(),
        fails_on: Vec::new(),
        data_steps: Vec::new(),
        column_order: Vec::new(),
        stop_using: Vec::new(),
        locks: Vec::new(),
        transaction: step.map_or(TransactionMode::Single, |step| step.transaction),
    }
}

struct Making<'a> {
    migration: &'a Migration,
    walked: &'a Walked,
    before: &'a Catalog,
    after: &'a Catalog,
    plan: &'a Plan,
    wanted: Wanted<'a>,
}

impl Making<'_> {
    fn way(&self) -> Result<Way, Failure> {
        let back = Names::new(&self.plan.renames);
        let (source, proof, mut remarks) = self.choose();
        let (mut losses, zoned) = self.losses(source, &back);
        let mut data = data_steps(self.migration.source.text(), self.before, self.after, &back);
        let told = crate::diff::inverse::losses(self.before, self.after, &back);
        losses.extend(seen(proof, &told, &data));
        let down = if source == BackSource::File { steps::down(self.migration)? } else { None };
        data.extend(shared::left(&steps::up(self.migration, None)?, down.as_ref()));
        if source == BackSource::File {
            let undone = self.mended_by_file(&back);
            for step in data.iter_mut().filter(|step| step.stays() && undone.contains(&step.table)) {
                step.undone = true;
                remarks.push(format!(
                    "the down file changes rows of {} too: whether that takes back the {} in line {} of the migration, \
                     nobody can prove",
                    step.table.as_deref().unwrap_or("a table"),
                    step.what,
                    step.line
                ));
            }
        }
        if proof.exact && !proof.reup {
            remarks.push("the migration cannot be applied again after it: `dbctl verify` says why".to_owned());
        }
        let verdict = verdict(proof.exact, &losses, &data);
        let (step, kept) = match source {
            BackSource::File => self.by_file(&back)?,
            BackSource::Generated => self.generated(&back, verdict, &losses, &data)?,
        };
        let mut view = view(self.migration, source, step.as_ref());
        view.verdict = verdict;
        view.proved = proof.exact;
        view.remarks = remarks;
        view.column_order.clone_from(&proof.column_order_of);
        view.stop_using = gone(self.before, self.after, &back);
        view.locks = self.locks(proof);
        view.losses = losses.iter().map(|loss| Self::loss(loss, &kept)).collect();
        view.data_steps = data;
        let comes_back = self.comes_back(&back);
        let locked = self.after.entries.keys().map(|id| (id.qualified(), id.clone()));
        let is_locked = |name: &String| view.locks.iter().any(|lock| lock.relation == *name);
        let locked = locked.filter(|(name, id)| id.part.is_empty() && is_locked(name)).collect();
        let wants_empty = if source == BackSource::Generated { self.wants_empty(&back) } else { Vec::new() };
        let mut counters = counters_lost(self.before, self.after, &back);
        counters.retain(|_| self.wanted.keep.is_none());
        let guards = Vec::new();
        Ok(Way { step, view, losses, wants_empty, kept, back, locked, comes_back, guards, counters, zoned })
    }

    /// What is lost, and the columns whose values are read in the session's time zone on the way back.
    fn losses(&self, source: BackSource, back: &Names) -> (Vec<Loss>, Vec<Id>) {
        let there = zoned(self.migration.source.text(), self.before, self.after, back);
        let mut here = there.clone();
        match source {
            BackSource::Generated => {
                for (column, turned) in here.iter_mut().zip(are_turned_back(self.plan, &there)) {
                    column.zone = column.zone.take().filter(|_| turned);
                }
            }
            BackSource::File => {
                let text = self.migration.down.as_ref().map_or("", |down| down.source.text());
                let said = zoned(text, self.after, self.before, &back.back());
                for column in &mut here {
                    column.zone = said.iter().find(|it| it.before == column.after).and_then(|it| it.zone.clone());
                }
            }
        }
        let all = losses(self.before, self.after, back).into_iter();
        let (up, down): (Vec<Loss>, Vec<Loss>) = all.partition(|loss| loss.by == By::Up);
        let mut all = said_truly(up, &there, self.before, self.after);
        all.extend(said_truly(down, &here, self.before, self.after));
        let open = here.into_iter().filter(|column| column.zone.is_none()).map(|column| column.after);
        (all, open.collect())
    }

    /// Columns come back without a value for the rows that are there, and may not be null.
    fn wants_empty(&self, back: &Names) -> Vec<(Id, String)> {
        let made = self.plan.steps.iter().filter(|step| step.verb == Verb::Create && step.id.kind == Kind::Column);
        let fails = |step: &&Statement| step.hazards.iter().any(|it| it.kind == HazardKind::MayFail);
        let of = |step: &Statement| {
            let table = back.back().id(&step.id.beside(Kind::Table, ""));
            let column = bare_ident(&step.id.part);
            let why = format!("`{column}` comes back without values, and may not be null");
            (table, why)
        };
        made.filter(fails).map(of).collect()
    }

    /// Which of the two is taken, what was seen of it, and what is to be said of that.
    fn choose(&self) -> (BackSource, &Reversible, Vec<String>) {
        let report = &self.walked.report;
        let has_file = self.migration.is_reversible();
        let generated = report.generated.as_ref().unwrap_or(&report.reversible);
        let of_generated = || if generated.exact { Vec::new() } else { vec![said("the generated steps", generated)] };
        if !has_file {
            return (BackSource::Generated, generated, of_generated());
        }
        let by_file = &report.reversible;
        if by_file.exact {
            return (BackSource::File, by_file, Vec::new());
        }
        let mut remarks = vec![said("the down file", by_file)];
        if self.wanted.prefer_files || !generated.exact {
            if !generated.exact {
                remarks.extend(of_generated());
            }
            return (BackSource::File, by_file, remarks);
        }
        remarks.push("generated steps stand in its place: `--prefer-files` takes the file all the same".to_owned());
        if !self.mended_by_file(&Names::default()).is_empty() {
            remarks.push(
                "the down file changes rows too, which the generated steps do not: look whether that is needed"
                    .to_owned(),
            );
        }
        (BackSource::Generated, generated, remarks)
    }

    /// The tables of which the down file changes rows.
    fn mended_by_file(&self, back: &Names) -> Vec<Option<String>> {
        let text = self.migration.down.as_ref().map_or("", |down| down.source.text());
        let steps = data_steps(text, self.after, self.before, &back.back());
        let mut tables: Vec<Option<String>> = steps.iter().map(|step| step.table.clone()).collect();
        // A table may be called otherwise in the one than in the other.
        let known = self.after.entries.keys().filter(|id| id.kind == Kind::Table);
        let renamed = known.map(|id| (back.id(id).qualified(), id.qualified())).filter(|(there, here)| there != here);
        for (there, here) in renamed {
            if tables.contains(&Some(there)) {
                tables.push(Some(here));
            }
        }
        tables
    }

    fn keeper<'k>(&'k self, back: &'k Names, stamp: &'k str) -> Keeper<'k> {
        let version = &self.migration.version;
        let (key, present) = (version.key(), self.wanted.present);
        Keeper { before: self.before, after: self.after, back, key, version: version.text(), stamp, present }
    }

    /// The down file, behind what keeps what it drops.
    fn by_file(&self, back: &Names) -> Result<(Option<Step>, Vec<Kept>), Failure> {
        let Some(step) = steps::down(self.migration)? else { return Ok((None, Vec::new())) };
        let Some(stamp) = self.wanted.keep else { return Ok((Some(step), Vec::new())) };
        let (copies, kept) = self.keeper(back, stamp).of_file();
        if copies.is_empty() {
            return Ok((Some(step), kept));
        }
        let copies = copies.join(";\n") + ";\n";
        let text = match step.transaction {
            TransactionMode::Single => format!("{copies}{}", step.sent()),
            TransactionMode::None | TransactionMode::SelfManaged => {
                format!("begin;\n{copies}commit;\n{}", step.sent())
            }
        };
        Ok((of_text(self.migration, &step.path, text)?, kept))
    }

    /// The generated steps; those that keep what the others would drop among them.
    fn generated(
        &self,
        back: &Names,
        verdict: Verdict,
        losses: &[Loss],
        data: &[DataStep],
    ) -> Result<(Option<Step>, Vec<Kept>), Failure> {
        let (steps, kept) = match self.wanted.keep {
            Some(stamp) => self.keeper(back, stamp).of_steps(&self.plan.steps),
            None => (self.plan.steps.clone(), Vec::new()),
        };
        let text = self.text(&steps, verdict, losses, data);
        let path = format!("generated way back of {}_{}", self.migration.version, self.migration.name);
        Ok((of_text(self.migration, &path, text)?, kept))
    }

    /// The text of a generated down file.
    fn text(&self, steps: &[Statement], verdict: Verdict, losses: &[Loss], data: &[DataStep]) -> String {
        let (version, name) = (&self.migration.version, &self.migration.name);
        let report = self.walked.report.generated.as_ref().unwrap_or(&self.walked.report.reversible);
        let mut lines = vec![
            format!("Takes back: {version}_{name}"),
            format!(
                "Generated by dbctl {} from the schemas before and after it. Verdict: {}.",
                env!("CARGO_PKG_VERSION"),
                verdict.word()
            ),
        ];
        lines.push(if report.exact {
            let again = if report.reup { " and again" } else { "" };
            format!("Proved on PostgreSQL {}: up, back{again} on a shadow database.", self.wanted.server_version)
        } else {
            format!("NOT PROVED on PostgreSQL {}: {}.", self.wanted.server_version, said("it", report))
        });
        lines.extend(losses.iter().map(|loss| {
            let word = if loss.refused.is_some() { "decide" } else { "lost" };
            format!("{word}: {}{}: {}", loss.table, column(loss), loss.why)
        }));
        let stays = data.iter().filter(|step| step.stays());
        lines.extend(stays.map(|step| format!("decide: {} in line {}: {}", step.what, step.line, step.decide)));
        let order = &report.column_order_of;
        lines.extend(
            (!order.is_empty()).then(|| format!("columns come to stand in another order: {}", order.join(", "))),
        );
        file::way_back(&lines, steps)
    }

    fn loss(loss: &Loss, kept: &[Kept]) -> BackLoss {
        let holds = |it: &&Kept| {
            let is_column = |column: &String| it.columns.is_empty() || it.columns.contains(column);
            it.table.qualified() == loss.table
                && match &loss.column {
                    Some(column) => is_column(column),
                    None => it.columns.is_empty(),
                }
        };
        let kept = kept.iter().find(holds).filter(|_| loss.by == By::Down);
        BackLoss {
            table: loss.table.clone(),
            column: loss.column.clone(),
            by: loss.by,
            why: loss.why.clone(),
            rows: None,
            estimated: false,
            kept_in: kept.map(|it| format!("{}.{}", crate::diff::inverse::TRASH, it.held)),
            not_restored: kept.and_then(|it| it.stuck.clone()),
        }
    }

    /// The locks as they were seen, or as the statements say, where nobody could look.
    fn locks(&self, proof: &Reversible) -> Vec<BackLock> {
        let mut modes: BTreeMap<String, LockMode> = BTreeMap::new();
        let seen = proof.locks.iter().map(|lock| (lock.relation.clone(), lock.mode));
        let hazards = self.plan.steps.iter().flat_map(|step| &step.hazards);
        let said = hazards.filter_map(|it| Some((it.locked.clone()?, it.lock?))).filter(|_| proof.locks.is_empty());
        for (relation, mode) in seen.chain(said).filter(|(_, mode)| *mode >= LockMode::ShareUpdateExclusive) {
            let strongest = modes.entry(relation).or_insert(mode);
            *strongest = mode.max(*strongest);
        }
        let is_long = |relation: &str| {
            self.plan.steps.iter().any(|step| {
                let is_of_it = step.id.qualified() == relation
                    || matches!(self.after.get(&step.id).or_else(|| self.before.get(&step.id)).map(|it| &it.object),
                        Some(Object::Index(index)) if Id::new(Kind::Table, &step.id.schema, &index.table).qualified() == relation);
                is_of_it && step.hazards.iter().any(|it| matches!(it.kind, HazardKind::LongScan | HazardKind::Rewrite))
            })
        };
        let one = |(relation, mode): (String, LockMode)| {
            let long = is_long(&relation);
            BackLock { relation, mode, rows: None, bytes: None, long }
        };
        modes.into_iter().map(one).collect()
    }

    /// The tables and columns that are there again.
    fn comes_back(&self, back: &Names) -> Vec<(String, String, Option<String>)> {
        let known = back.back();
        let is_new = |id: &Id| !self.after.entries.contains_key(&known.id(id));
        let mut all = Vec::new();
        for id in self.before.entries.keys().filter(|id| is_new(id)) {
            let table = id.beside(Kind::Table, "");
            match id.kind {
                Kind::Table => all.push((id.schema.clone(), id.name.clone(), None)),
                Kind::Column if self.before.entries.contains_key(&table) && !is_new(&table) => {
                    all.push((id.schema.clone(), id.name.clone(), Some(id.part.clone())));
                }
                _ => {}
            }
        }
        all
    }
}

/// What is lost as a shadow has shown, and neither the schemas nor the migration's statements tell.
fn seen(proof: &Reversible, losses: &[Loss], data: &[DataStep]) -> Vec<Loss> {
    let is_told = |it: &DataLoss| {
        losses.iter().any(|loss| (&loss.table, &loss.column) == (&it.table, &it.column))
            || it.by == LostBy::Up && data.iter().any(|step| step.table.as_ref() == Some(&it.table))
    };
    let loss = |it: &DataLoss| Loss {
        table: it.table.clone(),
        column: it.column.clone(),
        by: match it.by {
            LostBy::Up => By::Up,
            LostBy::Down => By::Down,
        },
        why: it.why.clone(),
        count: None,
        refused: None,
    };
    proof.data_loss.iter().filter(|it| !is_told(it)).map(loss).collect()
}

/// The column of a loss, with its point.
fn column(loss: &Loss) -> String {
    loss.column.as_ref().map(|column| format!(".{column}")).unwrap_or_default()
}

/// What is wrong with a way back that is not exact.
fn said(what: &str, report: &Reversible) -> String {
    if let Some(failure) = &report.failure {
        return format!("{what} fails on a shadow database: {}: {}", failure.sql, failure.message);
    }
    if !report.tested {
        return format!("{what} was not tried on a shadow database");
    }
    let named: Vec<String> =
        report.differs.iter().take(NAMED).map(|it| format!("{} {}", it.object, it.how.after_back())).collect();
    let more = report.differs.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{what} does not restore the schema: {}{more}", named.join(", "))
}

/// How many objects are named.
const NAMED: usize = 5;
