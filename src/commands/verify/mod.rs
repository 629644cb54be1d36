//! `dbctl verify`: proves on shadow databases that migrations apply, can run twice, and can be taken back.

mod data;
pub mod gate;
pub mod ground;
mod guard;
mod judge;
mod lanes;
mod loss;
mod rows;
mod select;
mod sequences;
pub mod shared;
mod show;
mod twice;
pub mod walk;
mod way;

use std::cell::RefCell;
use std::time::{Duration, Instant};

use clap::Args;

use self::data::Data;
use self::ground::{Ground, Place};
use self::lanes::Work;
use self::walk::Subject;
use super::running::{Beginning, Running};
use super::source::{self, ScopeArgs};
use super::target::TargetArgs;
use super::{Cx, interrupt, roles, steps};
use crate::db::RunError;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::{Migration, Set};
use crate::project::Project;
use crate::report::verify::{Require, Verify, fails};
use crate::report::{Event, Stamped, Target};
use crate::state::StateDir;

/// Flags of `dbctl verify`.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
#[command(after_help = "\
Each migration runs on a shadow database on what those before it leave, runs a second time, is taken back by its down file
(or by what dbctl generates from the catalogs where there is none), and runs again. No other database is touched.

  dbctl verify                        what was not verified yet as it is written now
  dbctl verify --all                  every migration
  dbctl verify 20260301090000         one migration
  dbctl verify --since origin/main    what a branch has changed
  dbctl verify --pending --remote     what the remote does not have yet
  dbctl verify --all --format json    the same for a machine

Exit code 1 where a migration is not what is required: `--require`, or `[gate] require` in dbctl.toml, or all three;
6 where one before those that are verified does not apply.")]
pub struct VerifyArgs {
    /// The migrations to verify, by version
    #[arg(value_name = "VERSION", conflicts_with_all = ["pending", "all", "since"])]
    pub versions: Vec<String>,
    /// Those that are not applied yet: to the local database, or to the one that is said
    #[arg(long, conflicts_with_all = ["all", "since"], help_heading = "Selection")]
    pub pending: bool,
    /// All of them, also those that are verified as they are written now
    #[arg(long, conflicts_with = "since", help_heading = "Selection")]
    pub all: bool,
    /// Those that differ from the merge base with this commit, or that git does not know yet
    #[arg(long, value_name = "GIT_REF", help_heading = "Selection")]
    pub since: Option<String>,
    /// What each has to be for exit code 0; may be said several times
    #[arg(long, value_enum, value_name = "WHAT")]
    pub require: Vec<Require>,
    /// Prove the generated way back too where there is a down file
    #[arg(long)]
    pub generated: bool,
    /// Go on behind a migration that does not apply; what needs it does not apply either then
    #[arg(long)]
    pub keep_going: bool,
    /// Try it on a database with rows too: the project's seed files, and rows made up for every table
    #[arg(long)]
    pub with_data: bool,
    /// Which objects.
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// Whose history decides what is pending.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &VerifyArgs) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let project = cx.project()?;
    let set = cx.migrations(&project)?;
    let required = required(&project, args);
    let chosen = select::select(cx, args, &project, &set).await?;
    if set.migrations.is_empty() {
        cx.terminal.note("there are no migrations: `dbctl new NAME` writes one");
    }
    let mut answer = Verify {
        format: "dbctl/verify/v1",
        run: None,
        server_version: String::new(),
        required: required.clone(),
        ok: true,
        migrations: Vec::new(),
        not_reached: Vec::new(),
        remarks: Vec::new(),
        ms: 0.0,
    };
    if !chosen.is_empty() {
        Box::pin(prove(cx, args, (&project, &set), &chosen, &mut answer)).await?;
    }
    answer.ok = answer.not_reached.is_empty()
        && answer.migrations.iter().all(|migration| fails(migration, &required).is_empty());
    answer.ms = begun.elapsed().as_secs_f64() * 1e3;
    show::show(cx, &answer)?;
    Ok(if answer.ok { Exit::Ok } else { Exit::No })
}

/// What every migration has to be: the flags, then `[gate] require`, then all.
fn required(project: &Project, args: &VerifyArgs) -> Vec<Require> {
    let said = [&args.require, &project.config.gate.require].into_iter().find(|said| !said.is_empty());
    let mut required = said.cloned().unwrap_or_else(|| Require::ALL.to_vec());
    required.sort();
    required.dedup();
    required
}

/// Walks over the migrations up to the last that was asked for, as a run of its own.
async fn prove(
    cx: &Cx,
    args: &VerifyArgs,
    (project, set): (&Project, &Set),
    chosen: &[&Migration],
    answer: &mut Verify,
) -> Result<(), Failure> {
    let begun = Instant::now();
    let lanes = if args.with_data || args.keep_going { vec![chosen] } else { lanes::split(chosen, set) };
    let required = answer.required.clone();
    let work = Work { cx, args, project, set, required: &required, lanes: lanes.len() };
    let (mut ground, kept) = Box::pin(work.open(lanes.first().copied().unwrap_or_default())).await?;
    let target = ground.place.session()?.target("shadow", true).await?;
    answer.server_version.clone_from(&target.server_version);
    let running = begin(cx, project, &target)?;
    answer.run = running.as_ref().map(|running| running.id.clone());
    // Nothing of it is worth waiting for the disk: what is proved is written once, at the end.
    let progress = RefCell::new(cx.terminal.progress());
    let tell = |event: Event| progress.borrow_mut().event(&Stamped { at: cx.now(), event });
    let (run, command) = (answer.run.clone().unwrap_or_default(), "verify".to_owned());
    tell(Event::RunStarted { run, command, target, migrations: chosen.len() });
    let mut data = None;
    let mut signals = interrupt::listen(&cx.terminal);
    let mut found = lanes::Found::default();
    let walked = {
        let walks = async {
            if args.with_data {
                data = Some(Box::pin(with_rows(cx, project, &kept, &ground)).await?);
            }
            Box::pin(work.walk(&lanes, (&mut ground, data.as_mut()), &tell, &mut found)).await
        };
        tokio::select! {
            walked = walks => walked,
            Ok(()) = signals.changed() => Err(source::interrupted()),
        }
    };
    drop(progress);
    found.remarks.extend(data.as_ref().map(Data::remarks).unwrap_or_default());
    if let Some(data) = data {
        Box::pin(data.drop()).await?;
    }
    let dropped = Box::pin(ground.drop()).await;
    if walked.is_err() {
        sweep(cx, project).await;
    }
    let mut said = found.hand_over(answer);
    guard::guard(cx, project, answer, &mut said)?;
    show::problems(cx, answer, said);
    if let Some(running) = running {
        running.recorder.write(|run| run.verify(&*answer));
        if walked.is_ok() {
            select::remember(&StateDir::create(project.root.as_std_path())?, set, answer)?;
        }
        let version = answer.migrations.last().map(|it| it.version.clone()).unwrap_or_default();
        let interrupted =
            || RunError::Interrupted { version, rolled_back: true, done: 0, cancelled: None, invalid: Vec::new() };
        let ended = if walked.is_ok() { Ok(()) } else { Err(interrupted()) };
        running.finish(cx, &ended, answer.migrations.len(), begun.elapsed().as_secs_f64() * 1e3);
    }
    walked.and(dropped)
}

/// Drops the shadows that a walk which was broken off has left: their sessions take a moment to be gone.
async fn sweep(cx: &Cx, project: &Project) {
    for _ in 0..SWEEPS {
        tokio::time::sleep(MOMENT).await;
        if source::open(cx, project).await.is_err() {
            tracing::debug!("what was left stays until the next run");
        }
    }
}

/// How often it is looked for what is left, and how long is waited before.
const SWEEPS: usize = 2;
const MOMENT: Duration = Duration::from_millis(60);

/// Begins a run; where nothing can be written, what is proved is said and not kept.
fn begin(cx: &Cx, project: &Project, target: &Target) -> Result<Option<Running>, Failure> {
    let state = match StateDir::create(project.root.as_std_path()) {
        Ok(state) => state,
        Err(error) => {
            cx.terminal.warning(&format!("what is proved is not kept for the gate: {error}"));
            return Ok(None);
        }
    };
    // The bar is the walk's own.
    let beginning = Beginning { command: "verify", target, migrations: 0, gate_skipped: None, allowed: Vec::new() };
    Running::begin(cx, project, &state, beginning).map(Some)
}

/// A second shadow database, with rows.
async fn with_rows(cx: &Cx, project: &Project, kept: &str, ground: &Ground) -> Result<Data, Failure> {
    let shadows = source::open(cx, project).await?;
    let shadow = shadows.create(Some(kept)).await?;
    let now = ground.watch.now();
    let seeds = select::seeds(project)?;
    Data::begin(Place::open(shadows, shadow).await?, &ground.watch.whole(now), seeds).await
}

/// Makes a migration and its way back ready to run on a shadow.
pub async fn ready(ground: &Ground, project: &Project, migration: &Migration) -> Result<Subject, Failure> {
    let mut both = vec![steps::up(migration, None)?];
    both.extend(steps::down(migration)?);
    // One that the server lacks is what this migration does not apply for.
    steps::stub_wanted_extensions(ground.place.session()?, project, &mut both).await?;
    roles::tolerate(&mut both);
    let mut both = both.into_iter();
    let up = both.next().ok_or_else(|| {
        crate::error::bug("a migration has no step", &std::io::Error::other(migration.path.to_string()))
    })?;
    Ok(Subject { up, down: both.next() })
}
