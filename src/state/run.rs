//! One run's folder while the run goes on.
//!
//! `running` is locked as long as the process lives: the system gives the lock back even after kill -9, so a run
//! without a result can be told from one that still goes on, and no process id can mislead.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::files::{self, Readers};
use super::layout::run_folder;
use super::{Error, Operation, StateDir, report_md};
use crate::report::{Event, RunMeta, Stamped};

pub(super) const META: &str = "meta.json";
pub(super) const EVENTS: &str = "events.jsonl";
pub(super) const EVENTS_FORMAT: &str = "dbctl/events/v1";
const RUNNING: &str = "running";

/// The folder of a run that goes on.
#[derive(Debug)]
pub struct Run {
    folder: PathBuf,
    meta: RunMeta,
    events: File,
    torn: bool,
    alive: File,
}

impl Run {
    /// Makes the run's folder and writes what is known of it, before anything is run.
    pub fn begin(state: &StateDir, meta: &RunMeta) -> Result<Self, Error> {
        let folder = state.runs().join(run_folder(meta.started_at, &meta.run));
        files::create_folder(&folder)?;
        let alive = files::lock(&folder.join(RUNNING))?;
        write_json(&folder.join(META), meta)?;
        let events = files::append(&folder.join(EVENTS))?;
        let mut run = Self { folder, meta: meta.clone(), events, torn: false, alive };
        run.line(&serde_json::json!({ "format": EVENTS_FORMAT }))?;
        Ok(run)
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Appends an event to `events.jsonl`, and has it on the disk before it returns where a migration has ended.
    ///
    /// An error is no reason to stop a migration that is under way: the database's own history is the truth.
    pub fn event(&mut self, stamped: &Stamped) -> Result<(), Error> {
        self.line(stamped)?;
        match stamped.event {
            Event::MigrationFinished { .. } | Event::MigrationFailed { .. } | Event::RunFinished { .. } => {
                self.events.sync_data().map_err(Error::io(Operation::Write, &self.folder.join(EVENTS)))
            }
            Event::RunStarted { .. }
            | Event::Waiting { .. }
            | Event::MigrationStarted { .. }
            | Event::StatementStarted { .. }
            | Event::StatementFinished { .. }
            | Event::Notice { .. }
            | Event::Remark { .. } => Ok(()),
        }
    }

    /// One write a line, so that a process that is killed leaves whole lines.
    fn line(&mut self, value: &impl Serialize) -> Result<(), Error> {
        let path = self.folder.join(EVENTS);
        let mut line = if self.torn { b"\n".to_vec() } else { Vec::new() };
        serde_json::to_writer(&mut line, value).map_err(Error::encode(&path))?;
        line.push(b'\n');
        let written = self.events.write_all(&line);
        self.torn = written.is_err();
        written.map_err(Error::io(Operation::Write, &path))
    }

    /// Writes `plan.json`, what the run is going to do.
    pub fn plan(&self, plan: &impl Serialize) -> Result<(), Error> {
        write_json(&self.folder.join("plan.json"), plan)
    }

    /// Appends SQL that was applied, exactly as it was sent, to `applied.sql` under a comment that names the migration.
    pub fn applied_sql(&mut self, version: &str, name: &str, sql: &str) -> Result<(), Error> {
        let path = self.folder.join("applied.sql");
        let head =
            if path.exists() { "\n" } else { "-- dbctl/applied/v1: the SQL that this run applied, as it was sent\n\n" };
        let end = if sql.ends_with('\n') { "" } else { "\n" };
        let name = name.replace(['\n', '\r'], " ");
        let text = format!("{head}-- migration {version}_{name}\n{sql}{end}");
        files::append(&path)?.write_all(text.as_bytes()).map_err(Error::io(Operation::Write, &path))
    }

    /// Writes `rollback.sql`, the script that takes the run back.
    pub fn rollback_sql(&self, script: &str) -> Result<(), Error> {
        files::write(&self.folder.join("rollback.sql"), script.as_bytes(), Readers::User)
    }

    /// Writes `report.md`, what happened as a person likes to read it, and ends the run; answers where the report is.
    pub fn finish(self, events: &[Stamped]) -> Result<PathBuf, Error> {
        let report = self.folder.join("report.md");
        files::write(&report, report_md::render(&self.meta, events)?.as_bytes(), Readers::User)?;
        self.events.sync_all().map_err(Error::io(Operation::Write, &self.folder.join(EVENTS)))?;
        let running = self.folder.join(RUNNING);
        drop(self.alive);
        fs::remove_file(&running).map_err(Error::io(Operation::Remove, &running))?;
        Ok(report)
    }
}

/// Whether the process of a run still lives.
pub(super) fn is_running(folder: &Path) -> bool {
    File::open(folder.join(RUNNING)).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let mut text = serde_json::to_string_pretty(value).map_err(Error::encode(path))?;
    text.push('\n');
    files::write(path, text.as_bytes(), Readers::User)
}
