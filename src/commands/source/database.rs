//! The schema of a database as it is, read without leaving a trace.

use super::super::Cx;
use super::super::target::{self, TargetArgs};
use super::{Loaded, Look};
use crate::db::ledger;
use crate::diff::Source;
use crate::error::Failure;
use crate::project::Project;

pub(super) async fn load(cx: &Cx, project: &Project, source: &Source, look: Look<'_>) -> Result<Loaded, Failure> {
    let args = match source {
        Source::Local => TargetArgs { local: true, ..TargetArgs::default() },
        Source::Target(name) if name == "remote" => TargetArgs { remote: true, ..TargetArgs::default() },
        Source::Target(name) => TargetArgs { target: Some(name.clone()), ..TargetArgs::default() },
        Source::Url(url) => TargetArgs { url: Some(url.clone()), ..TargetArgs::default() },
        _ => TargetArgs::default(),
    };
    let mut chosen = target::choose(cx, project, &args, &args.choice_or_remote())?;
    let session = target::open(cx, &mut chosen, "diff", true).await?;
    // Definitions are read under the weakest lock; who holds the strongest for long is to be named, not waited for.
    session.batch(&format!("set lock_timeout = '{PATIENCE}s'")).await?;
    let loaded = look.at(&session).await.map_err(|failure| locked(failure, &chosen.name))?;
    let history = ledger::read(&session).await.ok().filter(|ledger| ledger.initialised);
    Ok(Loaded { applied: history.map(|ledger| ledger.rows.iter().map(|row| row.key).collect()), ..loaded })
}

/// How long a lock on what is read is waited for, in seconds.
const PATIENCE: u32 = 20;

fn locked(failure: Failure, name: &str) -> Failure {
    let is_lock = failure.diagnostics.iter().any(|it| format!("{} {}", it.title, it.causes.concat()).contains("55P03"));
    if !is_lock {
        return failure;
    }
    failure
        .note(format!("`{name}` was only read, and nothing was compared: somebody has held a lock for {PATIENCE} s"))
        .help("see who: `select pid, query from pg_stat_activity where cardinality(pg_blocking_pids(pid)) = 0 and xact_start < now() - interval '20 s'`")
}
