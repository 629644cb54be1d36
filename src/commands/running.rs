//! A run under way: its folder, its events, the lock, and the end of it.

use std::collections::HashMap;
use std::process::Command;
use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

use super::Cx;
use super::recorder::Shared;
use crate::db::{LockError, RunError, Session, lock};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::Set;
use crate::plan::record::Author;
use crate::plan::step::Step;
use crate::project::Project;
use crate::report::{Event, Outcome, RunMeta, Target};
use crate::state::{StateDir, redact_argv};

const DEFAULT_LOCK_WAIT: Duration = Duration::from_mins(1);

/// A run that has begun.
pub struct Running {
    /// Its id.
    pub id: String,
    /// Who writes its rows.
    pub author: Author,
    /// Its consumers.
    pub recorder: Shared,
}

/// What a run is begun with.
pub struct Beginning<'a> {
    /// `migrate` or `rollback`.
    pub command: &'a str,
    /// The database.
    pub target: &'a Target,
    /// How many migrations it is to run.
    pub migrations: usize,
    /// Why the gate is passed by.
    pub gate_skipped: Option<String>,
    /// Flags that allow what is refused by default.
    pub allowed: Vec<String>,
}

impl Running {
    /// Begins a run: from here on the state directory knows of it.
    pub fn begin(cx: &Cx, project: &Project, state: &StateDir, beginning: Beginning<'_>) -> Result<Self, Failure> {
        let id = Uuid::now_v7().to_string();
        let actor = actor(project);
        let (git_commit, git_dirty) = git(project);
        let meta = RunMeta {
            format: "dbctl/run/v1".to_owned(),
            run: id.clone(),
            command: beginning.command.to_owned(),
            argv: redact_argv(&cx.argv),
            actor: actor.clone(),
            started_at: cx.now(),
            target: beginning.target.clone(),
            git_commit,
            git_dirty,
            dbctl_version: env!("CARGO_PKG_VERSION").to_owned(),
            gate_skipped: beginning.gate_skipped,
            allowed: beginning.allowed,
        };
        let recorder = Shared::begin(&cx.terminal, state, &meta).map_err(|error| {
            Failure::from(error).note("nothing was run: a run that cannot be recorded is not begun")
        })?;
        recorder.event(Event::RunStarted {
            run: id.clone(),
            command: beginning.command.to_owned(),
            target: beginning.target.clone(),
            migrations: beginning.migrations,
        });
        let author =
            Author { run: Some(id.clone()), actor: Some(actor), tool_version: env!("CARGO_PKG_VERSION").to_owned() };
        Ok(Self { id, author, recorder })
    }

    /// Where the engine's events go; the SQL of each step that is done is kept beside them.
    pub fn sink(&self, steps: &[Step]) -> impl FnMut(Event) + Send + use<> {
        let recorder = self.recorder.clone();
        let mut steps: HashMap<String, Step> = steps.iter().map(|step| (step.version.clone(), step.clone())).collect();
        move |event| {
            let done = match &event {
                Event::MigrationFinished { version, .. } => steps.remove(version),
                _ => None,
            };
            recorder.event(event);
            if let Some(step) = done {
                recorder.write(|run| run.applied_sql(&step.version, &step.name, &step.sent()));
            }
        }
    }

    /// Ends the run in the state directory.
    pub fn finish(self, cx: &Cx, result: &Result<(), RunError>, migrations: usize, ms: f64) {
        let outcome = match result {
            Ok(()) => Outcome::Done,
            Err(error) => outcome(error),
        };
        self.recorder.event(Event::RunFinished { outcome, migrations, ms });
        if let Err(error) = self.recorder.finish() {
            let failure = Failure::from(error);
            for mut diagnostic in failure.diagnostics {
                diagnostic.level = crate::diagnostic::Level::Warning;
                diagnostic.notes.push("the database is not concerned: its history is complete".to_owned());
                cx.terminal.diagnostic(&diagnostic);
            }
        }
    }
}

fn outcome(error: &RunError) -> Outcome {
    match error {
        RunError::Interrupted { rolled_back: true, .. } | RunError::CommitInDoubt { recorded: Some(true), .. } => {
            Outcome::Interrupted
        }
        RunError::Statement { rolled_back: true, .. }
        | RunError::Lost { rolled_back: true, .. }
        | RunError::Commit { rolled_back: true, .. }
        | RunError::CommitInDoubt { recorded: Some(false), .. }
        | RunError::Database(_)
        | RunError::Refinery(_) => Outcome::Failed,
        RunError::Statement { .. }
        | RunError::Lost { .. }
        | RunError::Unrecorded { .. }
        | RunError::Commit { .. }
        | RunError::Interrupted { .. }
        | RunError::CommitInDoubt { recorded: None, .. } => Outcome::Partial,
    }
}

/// `user@host` of this machine.
fn actor(project: &Project) -> String {
    let user =
        project.env.get("USER").or_else(|| project.env.get("LOGNAME")).unwrap_or_else(crate::project::env::user_id);
    let host = crate::project::env::hostname().unwrap_or_else(|| "unknown".to_owned());
    format!("{user}@{host}")
}

/// The commit and whether the work tree differs from it; nothing where there is no git or no repository.
fn git(project: &Project) -> (Option<String>, Option<bool>) {
    let output = Command::new("git")
        .args(["--no-optional-locks", "-C", project.root.as_str()])
        .args(["status", "--porcelain=v2", "--branch", "--untracked-files=no"])
        .output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else { return (None, None) };
    let text = String::from_utf8_lossy(&output.stdout);
    let commit = text.lines().find_map(|line| line.strip_prefix("# branch.oid ")).filter(|oid| *oid != "(initial)");
    let dirty = text.lines().any(|line| !line.starts_with('#'));
    (commit.map(str::to_owned), Some(dirty))
}

/// Takes the lock, or explains who has it.
pub async fn take_lock(
    cx: &Cx,
    session: &Session,
    wait: Duration,
    signals: &mut watch::Receiver<u32>,
) -> Result<(), Failure> {
    let mut shown = None;
    let mut tell = |holder| shown = Some(cx.terminal.wait(&format!("waiting for another runner: {holder}")));
    let taken = tokio::select! {
        taken = lock::acquire(session, wait, &mut tell) => taken,
        Ok(()) = signals.changed() => {
            let diagnostic = Diagnostic::note_only("lock/interrupted", "interrupted while waiting for another runner");
            return Err(Failure::new(Exit::Interrupted, diagnostic.note("nothing was changed")));
        }
    };
    drop(shown);
    taken.map_err(|error| match error {
        LockError::Database(error) => Failure::from(error),
        LockError::Held { holder, waited } => Failure::new(
            Exit::Refused,
            Diagnostic::error("lock/held", format!("another runner holds the migration lock: {holder}"))
                .note(format!("waited {}; nothing was changed", crate::text::human_duration(waited)))
                .help("run again when it is done, or wait longer: `--lock-wait 10m`")
                .help("if that session is dead, end it there: `select pg_terminate_backend(PID)`"),
        ),
        LockError::Pooled => Failure::new(
            Exit::Refused,
            Diagnostic::error("lock/pooled", "the connection changes its server session between statements")
                .note("behind a pooler in transaction mode the migration lock guards nothing; nothing was changed")
                .help("connect to the server itself or to a pooler in session mode (Supabase: port 5432, not 6543)"),
        ),
    })
}

/// How long to wait for another runner: the flag, then `[apply] lock_wait`, then a minute.
pub fn lock_wait(project: &Project, flag: Option<&str>) -> Result<Duration, Failure> {
    let Some(said) = flag.or(project.config.apply.lock_wait.as_deref()) else { return Ok(DEFAULT_LOCK_WAIT) };
    let span = said.parse::<jiff::SignedDuration>().ok().and_then(|span| Duration::try_from(span).ok());
    span.or_else(|| said.parse().ok().map(Duration::from_secs)).ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            Diagnostic::error("usage/duration", format!("`{said}` is no time to wait"))
                .help("write a number with its unit: `30s`, `5m`"),
        )
    })
}

/// All migrations of the folder as refinery knows them; those that come late are unversioned to it, because it
/// applies older versions in no other way.
pub fn refinery_migrations(
    set: &Set,
    ledger_newest: Option<i64>,
    steps: &[Step],
) -> Result<Vec<refinery::Migration>, refinery::Error> {
    set.migrations
        .iter()
        .map(|migration| {
            let key = migration.version.key();
            let late = ledger_newest.is_some_and(|newest| key < newest) && steps.iter().any(|step| step.key == key);
            if late { migration.refinery_unversioned() } else { migration.refinery() }
        })
        .collect()
}
