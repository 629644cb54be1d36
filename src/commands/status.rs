//! `dbctl status`: every migration and where it stands, locally and remotely.

use clap::Args;

use super::refuse::settle_checksums;
use super::target::{self, Choice, TargetArgs, has_remote};
use super::{Cx, local};
use crate::db::ledger;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::{Migration, Set};
use crate::plan::ledger::Ledger;
use crate::plan::resolve::{Item, resolve};
use crate::project::Project;
use crate::report::{Checksum, MigrationState, MigrationStatus, Status, TargetStatus, short_run};
use crate::state::{Gate, StateDir};

/// Flags of `dbctl status`.
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    /// End with exit code 1 unless every migration is applied as its file says
    #[arg(long)]
    pub exit_code: bool,
    /// Which database; both the local and the remote one where nothing is said.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// What one database answered.
struct Side {
    status: TargetStatus,
    ledger: Ledger,
    /// By key.
    items: Vec<Found>,
}

impl Side {
    fn item(&self, key: i64) -> Option<&Found> {
        self.items.binary_search_by_key(&key, |item| item.key).ok().map(|at| &self.items[at])
    }

    /// Whether it is the database that a run worked on.
    fn is(&self, target: &str) -> bool {
        self.status.target.as_ref().is_some_and(|known| known.name == target)
    }
}

/// Where a migration stands in one database, by itself.
struct Found {
    key: i64,
    version: String,
    name: String,
    state: MigrationState,
    checksum: Checksum,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &StatusArgs) -> Result<Exit, Failure> {
    let project = cx.project()?;
    let set = cx.migrations(&project)?;
    let said = args.target.choice();
    let both = said.is_none();
    let local = match &said {
        None | Some(Choice::Local) => Some(ask(cx, &project, &set, &args.target, &Choice::Local, both).await?),
        Some(_) => None,
    };
    let remote = match said {
        Some(Choice::Local) => None,
        Some(choice) => Some(ask(cx, &project, &set, &args.target, &choice, false).await?),
        None if has_remote(&project) => {
            let choice = TargetArgs::default().choice_or_remote();
            Some(ask(cx, &project, &set, &args.target, &choice, true).await?)
        }
        None => None,
    };
    let gate = Gate::load(&StateDir::open(project.root.as_std_path()))?;
    let mut sides = [local, remote];
    if let Some(run) = StateDir::open(project.root.as_std_path()).unfinished()?
        && let Some(side) = sides.iter_mut().flatten().find(|side| side.is(&run.target))
    {
        side.status.remarks.push(format!(
            "run {} ended without a result; what it did not commit is rolled back: `dbctl runs show {}`",
            short_run(&run.run),
            short_run(&run.run)
        ));
    }
    let [local, remote] = sides;
    let migrations = merge(&set, local.as_ref(), remote.as_ref(), &gate);
    let states = migrations.iter().flat_map(|migration| [migration.local, migration.remote]).flatten();
    let clean = states.into_iter().all(|state| state == MigrationState::Applied)
        && [&local, &remote].into_iter().flatten().all(|side| side.status.unreachable.is_none());
    let answer = Status {
        format: "dbctl/status/v1",
        layout: set.layout.to_string(),
        folder: project.migrations.to_string(),
        local: local.map(|side| side.status),
        remote: remote.map(|side| side.status),
        migrations,
    };
    cx.terminal.answer(&answer)?;
    Ok(if args.exit_code && !clean { Exit::No } else { Exit::Ok })
}

/// Asks one database; with `lenient` one that cannot be reached is an answer too.
async fn ask(
    cx: &Cx,
    project: &Project,
    set: &Set,
    args: &TargetArgs,
    choice: &Choice,
    lenient: bool,
) -> Result<Side, Failure> {
    if *choice == Choice::Local && local::is_absent(cx, project, args)? {
        let mut side = judge(set, Ledger::default(), None);
        side.status.remarks.push("the local server does not exist yet: `dbctl migrate --local` makes it".to_owned());
        return Ok(side);
    }
    match reach(cx, project, set, args, choice).await {
        Err(failure) if lenient && failure.exit == Exit::Connect => {
            let why = failure.diagnostics.first().map(|diagnostic| diagnostic.title.clone());
            let status = TargetStatus { target: None, unreachable: why, initialised: false, remarks: Vec::new() };
            Ok(Side { status, ledger: Ledger::default(), items: Vec::new() })
        }
        side => side,
    }
}

async fn reach(cx: &Cx, project: &Project, set: &Set, args: &TargetArgs, choice: &Choice) -> Result<Side, Failure> {
    let mut chosen = target::choose(cx, project, args, choice)?;
    let session = target::open(cx, &mut chosen, "status", true).await?;
    let view = session.target(&chosen.name, chosen.local).await?;
    let ledger = ledger::read(&session).await?;
    let mut items = resolve(&set.migrations, &ledger);
    settle_checksums(&session, &mut items).await?;
    let items = items.iter().map(found).collect();
    let status =
        TargetStatus { target: Some(view), unreachable: None, initialised: ledger.initialised, remarks: Vec::new() };
    Ok(Side { status, ledger, items })
}

fn judge(set: &Set, ledger: Ledger, target: Option<crate::report::Target>) -> Side {
    let items = resolve(&set.migrations, &ledger).iter().map(found).collect();
    let status = TargetStatus { target, unreachable: None, initialised: ledger.initialised, remarks: Vec::new() };
    Side { status, ledger, items }
}

fn found(item: &Item<'_>) -> Found {
    Found {
        key: item.key,
        version: item.version().to_owned(),
        name: item.name().to_owned(),
        state: item.state,
        checksum: item.checksum,
    }
}

/// One row a migration: those of the folder, and those that only a database knows.
fn merge(set: &Set, local: Option<&Side>, remote: Option<&Side>, gate: &Gate) -> Vec<MigrationStatus> {
    let sides = [local, remote];
    let mut keys: Vec<i64> = set.migrations.iter().map(|migration| migration.version.key()).collect();
    keys.extend(sides.iter().flatten().flat_map(|side| side.items.iter().map(|item| item.key)));
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().map(|key| row(key, set, local, remote, gate)).collect()
}

fn row(key: i64, set: &Set, local: Option<&Side>, remote: Option<&Side>, gate: &Gate) -> MigrationStatus {
    let file = set.migrations.binary_search_by_key(&key, |migration| migration.version.key());
    let file: Option<&Migration> = file.ok().map(|at| &set.migrations[at]);
    let at = |side: Option<&Side>| -> (Option<MigrationState>, Option<Checksum>, Option<jiff::Timestamp>, Option<f64>) {
        let Some(side) = side else { return (None, None, None, None) };
        let item = side.item(key);
        let row = side.ledger.row(key);
        let state = item.map(|item| item.state);
        (state, item.map(|item| item.checksum), row.and_then(|row| row.applied_at), row.and_then(|row| row.ms))
    };
    let known = [local, remote].into_iter().flatten().find_map(|side| side.item(key));
    let (local_state, local_checksum, local_applied_at, local_ms) = at(local);
    let (remote_state, remote_checksum, remote_applied_at, remote_ms) = at(remote);
    let checksums = [local_checksum, remote_checksum].into_iter().flatten();
    MigrationStatus {
        version: known
            .map_or_else(|| file.map(|file| file.version.text().to_owned()), |item| Some(item.version.clone()))
            .unwrap_or_default(),
        name: known
            .map_or_else(|| file.map(|file| file.name.clone()), |item| Some(item.name.clone()))
            .unwrap_or_default(),
        path: file.map(|file| file.path.to_string()),
        local: local_state,
        remote: remote_state,
        checksum: checksums.max_by_key(|checksum| severity(*checksum)).unwrap_or(Checksum::None),
        sha256: file.map(|file| file.checksum.to_string()),
        local_applied_at,
        remote_applied_at,
        local_ms,
        remote_ms,
        reversible: file.is_some_and(Migration::is_reversible),
        gate: file.is_some_and(|file| gate.passed(file.checksum.as_str())),
    }
}

fn severity(checksum: Checksum) -> u8 {
    match checksum {
        Checksum::None => 0,
        Checksum::Ok => 1,
        Checksum::Comments => 2,
        Checksum::Changed => 3,
        Checksum::Missing => 4,
    }
}
