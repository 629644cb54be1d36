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
        Self::fill(folder.clone(), meta).inspect_err(|_| {
            // What could not be begun shall not be listed; where even this fails, the list says so.
            let _ignored = fs::remove_dir_all(&folder);
        })
    }

    fn fill(folder: PathBuf, meta: &RunMeta) -> Result<Self, Error> {
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

    /// Writes `verify.json`, what was proved.
    pub fn verify(&self, answer: &impl Serialize) -> Result<(), Error> {
        write_json(&self.folder.join("verify.json"), answer)
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

#[cfg(test)]
mod tests {
    use super::super::fixtures::{failed_run, meta, stamp};
    use super::*;

    const ID: &str = "0193a1b2-1c00-7abc-8def-0123456789ab";

    fn begin(project: &Path) -> (StateDir, Run) {
        let state = StateDir::create(project).unwrap();
        let run = Run::begin(&state, &meta(ID, "2026-11-21T10:31:07Z")).unwrap();
        (state, run)
    }

    fn read(run: &Path, name: &str) -> String {
        fs::read_to_string(run.join(name)).unwrap()
    }

    #[test]
    fn writes_everything_that_a_run_leaves_and_nothing_that_others_may_read() {
        let project = tempfile::tempdir().unwrap();
        let (_, mut run) = begin(project.path());
        let folder = run.folder().to_owned();
        assert!(folder.ends_with(".dbctl/runs/20261121T103107Z-456789ab"));
        assert!(read(&folder, "meta.json").contains("\"format\": \"dbctl/run/v1\""));
        run.plan(&serde_json::json!({ "format": "dbctl/plan/v1" })).unwrap();
        run.applied_sql("1", "users", "create table a ();").unwrap();
        run.applied_sql("2", "orders", "create table b ();\n").unwrap();
        run.rollback_sql("drop table b;\n").unwrap();
        let events = failed_run();
        for event in &events {
            run.event(event).unwrap();
        }
        let report = run.finish(&events).unwrap();
        assert!(fs::read_to_string(report).unwrap().starts_with("<!-- dbctl/report/v1 -->\n# Migration of `local`\n"));
        assert_eq!(read(&folder, "events.jsonl").lines().count(), events.len() + 1);
        assert_eq!(read(&folder, "events.jsonl").lines().next().unwrap(), r#"{"format":"dbctl/events/v1"}"#);
        assert_eq!(
            read(&folder, "applied.sql"),
            "-- dbctl/applied/v1: the SQL that this run applied, as it was sent\n\n-- migration 1_users\n\
             create table a ();\n\n-- migration 2_orders\ncreate table b ();\n"
        );
        let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["applied.sql", "events.jsonl", "meta.json", "plan.json", "report.md", "rollback.sql"]);
        #[cfg(unix)]
        for name in names {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.join(&name)).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", name.display());
        }
    }

    #[test]
    fn has_every_event_on_disk_before_the_next() {
        let project = tempfile::tempdir().unwrap();
        let (_, mut run) = begin(project.path());
        for (n, event) in failed_run().iter().enumerate() {
            run.event(event).unwrap();
            assert_eq!(read(run.folder(), "events.jsonl").lines().count(), n + 2);
        }
    }

    #[test]
    fn says_which_file_could_not_be_written() {
        let project = tempfile::tempdir().unwrap();
        let (_, mut run) = begin(project.path());
        fs::create_dir(run.folder().join("applied.sql")).unwrap();
        let error = run.applied_sql("1", "a", "select 1;").unwrap_err();
        assert!(error.to_string().contains("could not write `"), "{error}");
        run.event(&stamp(Event::Waiting { holder: "x".to_owned() })).unwrap();
    }
}
