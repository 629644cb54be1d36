//! The rollback plan as a document: what is reviewed first, a guard, and then SQL that psql runs.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::super::script;
use super::rows::{bytes, rows_said};
use super::way::Way;
use crate::db::Timeouts;
use crate::diff::inverse::{By, Verdict};
use crate::plan::ledger::Row;
use crate::report::{BackLock, BackLoss, BackSource, BackStep, Target, TransactionMode};
use crate::text::{count, quote_literal};

/// What the document is about.
pub struct Document<'a> {
    /// The database.
    pub target: &'a Target,
    /// What is applied there, in the order of the versions.
    pub history: &'a [Row],
    /// The version that will be the newest; none where nothing stays.
    pub to: Option<&'a str>,
    /// The ways back, newest first.
    pub ways: &'a [Way],
    /// How long statements may wait and run.
    pub timeouts: &'a Timeouts,
    /// The server that judged; none where nothing was tried.
    pub judge: Option<&'a str>,
    /// What is to be known of all of it.
    pub remarks: &'a [String],
    /// When it was made.
    pub now: Timestamp,
}

impl Document<'_> {
    /// The whole text.
    pub fn text(&self) -> String {
        let mut text = self.heading();
        self.contents(&mut text);
        self.stop_using(&mut text);
        text.push_str("\n\\set ON_ERROR_STOP on\n\n");
        text.push_str(&self.guard());
        let all = self.ways.len();
        for (number, way) in (1..).zip(self.ways) {
            text.push('\n');
            line(&mut text, &format!("---- step {number} of {all}: {}", title(&way.view)));
            if let Some(decide) = undecided(&way.view) {
                text.push_str(&stop(&way.view, &decide));
            }
            text.extend(way.guards.iter().map(String::as_str));
            match &way.step {
                Some(step) => text.push_str(&script::one(step, self.timeouts)),
                None => line(&mut text, "-- there is no statement for this"),
            }
        }
        text
    }

    fn heading(&self) -> String {
        let mut text = String::new();
        let (target, version) = (self.target, env!("CARGO_PKG_VERSION"));
        let newest = self.ways.first().map(|way| title(&way.view)).unwrap_or_default();
        let to = self.to.map_or_else(|| "nothing: every migration goes".to_owned(), |to| format!("{to}, which stays"));
        comment(&mut text, &format!("ROLLBACK PLAN: {}, newest first", count(self.ways.len(), "migration")));
        comment(&mut text, "");
        comment(&mut text, &format!("from       {newest}"));
        comment(&mut text, &format!("to         {to}"));
        comment(&mut text, &format!("database   {}, PostgreSQL {}", target.describe(), target.server_version));
        comment(&mut text, &format!("made       {}, by dbctl {version}", self.now.strftime("%Y-%m-%d %H:%M UTC")));
        comment(
            &mut text,
            &match self.judge {
                Some(judge) => {
                    format!("proved     each step on a shadow database, PostgreSQL {judge}, unless it says otherwise")
                }
                None => "proved     NOT PROVED: no shadow database could be had".to_owned(),
            },
        );
        comment(&mut text, "run        psql -X -v ON_ERROR_STOP=1 -f THIS_FILE \"$URL\"");
        comment(&mut text, "");
        comment(
            &mut text,
            "It refuses to run on another database, and on this one at any other version. Each step keeps dbctl's",
        );
        comment(
            &mut text,
            "history true, and is committed by itself: where one fails, those before it stay; make a new plan then.",
        );
        for remark in self.remarks {
            comment(&mut text, "");
            comment(&mut text, &format!("NOTE: {remark}"));
        }
        text
    }

    fn contents(&self, text: &mut String) {
        comment(text, "");
        comment(text, "STEPS, in order");
        for (number, way) in (1..).zip(self.ways) {
            let view = &way.view;
            comment(text, "");
            let source = match (view.source, &view.path) {
                (BackSource::File, Some(path)) => format!("file {path}"),
                (BackSource::File, None) => "no file".to_owned(),
                (BackSource::Generated, _) => "generated".to_owned(),
            };
            let grouping = match view.transaction {
                TransactionMode::Single => "one transaction",
                TransactionMode::None | TransactionMode::SelfManaged => "NOT in one transaction",
            };
            comment(text, &format!("{number:>2}. {}", title(view)));
            comment(text, &format!("    {} ({source}, {grouping})", view.verdict.word().to_uppercase()));
            for remark in &view.remarks {
                comment(text, &format!("    note: {remark}"));
            }
            for refusal in &view.fails_on {
                comment(text, &format!("    fails: {}", refusal.decide));
            }
            for loss in &view.losses {
                comment(text, &format!("    lost: {}", lost(loss)));
            }
            for step in view.data_steps.iter().filter(|step| step.stays()) {
                comment(
                    text,
                    &format!("    decide: {} in line {} of the migration: {}", step.what, step.line, step.decide),
                );
            }
            for step in view.data_steps.iter().filter(|step| !step.certain) {
                comment(
                    text,
                    &format!("    look: {} in line {} of the migration: {}", step.what, step.line, step.decide),
                );
            }
            for lock in &view.locks {
                comment(text, &format!("    lock: {}", locked(lock)));
            }
            if !view.column_order.is_empty() {
                let tables = view.column_order.join(", ");
                comment(
                    text,
                    &format!("    columns: a column that comes back comes last, so that their order differs: {tables}"),
                );
            }
        }
    }

    fn stop_using(&self, text: &mut String) {
        let mut all: Vec<&str> = self.ways.iter().flat_map(|way| &way.view.stop_using).map(String::as_str).collect();
        all.dedup();
        if all.is_empty() {
            return;
        }
        comment(text, "");
        comment(text, "BEFORE IT RUNS, applications must no longer use");
        comment(text, "");
        for one in all {
            comment(text, &format!("    {one}"));
        }
    }

    /// Stops the script on any other database, and on this one at any other version.
    fn guard(&self) -> String {
        let (system, _) = self.target.fingerprint.split_once('/').unwrap_or_default();
        let database = &self.target.database;
        let versions: Vec<String> = self.history.iter().map(|row| row.key.to_string()).collect();
        let newest = self.history.last().map(|row| row.version.as_str()).unwrap_or_default();
        let message = |text: String| quote_literal(&format!("{text}: nothing was changed"));
        let mut text = String::from("do $dbctl$\ndeclare\n  found text;\nbegin\n");
        let _ = write!(
            text,
            "  if current_database() <> {name} then\n    raise exception using message = {why};\n  end if;\n",
            name = quote_literal(database),
            why = message(format!("this plan was made for database `{database}`, and this is another")),
        );
        if !system.is_empty() {
            let _ = write!(
                text,
                "  if pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute') then\n    \
                 select system_identifier::text into found from pg_catalog.pg_control_system();\n    \
                 if found <> {system} then\n      raise exception using message = {why};\n    end if;\n  end if;\n",
                system = quote_literal(system),
                why = message(format!("this plan was made for `{database}` on another server")),
            );
        }
        let _ = write!(
            text,
            "  if pg_catalog.to_regclass('dbctl.schema_history') is null then\n    raise exception using message = {none};\n  end if;\n  \
             select pg_catalog.string_agg(version::text, ',' order by version) into found from dbctl.schema_history;\n  \
             if pg_catalog.md5(coalesce(found, '')) <> {md5} then\n    raise exception using message = {other},\n      \
             detail = 'newest there: ' || coalesce((select max(version)::text from dbctl.schema_history), 'none');\n  end if;\n\
             end\n$dbctl$;\n",
            none = message(format!("`{database}` has no history of dbctl")),
            md5 = format_args!("pg_catalog.md5({})", quote_literal(&versions.join(","))),
            other = message(format!(
                "this plan was made for {} up to {newest}, and other migrations are applied now; make a new plan",
                count(self.history.len(), "migration")
            )),
        );
        text
    }
}

/// What a person has to decide before the statements of a step may run: they were not seen to restore the schema.
fn undecided(view: &BackStep) -> Option<String> {
    (!view.proved && view.verdict == Verdict::NotReversible)
        .then(|| view.remarks.first().cloned().unwrap_or_else(|| "it is not proved".to_owned()))
}

/// Stops the script before a step that a person has to look at.
fn stop(view: &BackStep, decide: &str) -> String {
    let message = format!("step {} was not proved, and stops here: nothing of it was rolled back", title(view));
    format!(
        "-- A person has to decide: {}\n-- Remove this statement once the step is what is wanted.\n\
         do $dbctl$ begin raise exception using message = {}; end $dbctl$;\n",
        flat(decide),
        quote_literal(&message)
    )
}

/// A loss in words, with how many rows it is about now.
pub fn lost(loss: &BackLoss) -> String {
    let column = loss.column.as_ref().map(|column| format!(".{column}")).unwrap_or_default();
    let rows = match (loss.rows, loss.estimated) {
        (Some(rows), false) => format!(" ({} now)", rows_said(rows)),
        (Some(rows), true) => format!(" (about {} now)", rows_said(rows)),
        (None, _) => String::new(),
    };
    let kept = match (&loss.kept_in, loss.by) {
        (Some(held), By::Down) => format!("; kept in {held}"),
        (Some(held), By::Up) => format!("; comes back from {held}"),
        (None, _) => String::new(),
    };
    let stuck = loss.not_restored.as_ref().map(|why| format!(", but does NOT come back by `--restore`: {why}"));
    format!("{}{column}: {}{rows}{kept}{}", loss.table, loss.why, stuck.unwrap_or_default())
}

/// A lock in words: whom it keeps waiting, and for how long.
pub fn locked(lock: &BackLock) -> String {
    let mut size = Vec::new();
    size.extend(lock.bytes.map(bytes));
    size.extend(lock.rows.map(|rows| format!("about {}", rows_said(rows))));
    let size = if size.is_empty() { String::new() } else { format!(" ({})", size.join(", ")) };
    let long = if lock.long { ", while the table is read or written as a whole" } else { "" };
    format!("{} on {}{size}: {}{long}", lock.mode.sql(), lock.relation, lock.mode.blocks())
}

fn title(view: &BackStep) -> String {
    flat(&format!("{}_{}", view.version, view.name))
}

fn comment(text: &mut String, said: &str) {
    line(text, &format!("-- {}", flat(said)));
}

/// A text that a line end in a name does not lead out of its comment.
fn flat(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

fn line(text: &mut String, said: &str) {
    text.push_str(said.trim_end());
    text.push('\n');
}
