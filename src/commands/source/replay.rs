//! Schemas that are made on a shadow database to be read: migrations replayed.
//!
//! What a prefix of the migrations leaves is kept on the server under its hash and copied the next time, so that only
//! what is new has to run.

use std::collections::BTreeSet;

use refinery::Target as Reach;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::super::target::refuse_password;
use super::super::{Cx, interrupt, local, roles, run_failure, running, steps};
use super::{Loaded, Look, interrupted};
use crate::catalog::Catalog;
use crate::db::{Checks, Endpoint, Engine, RunError, Shadow, Shadows, Timeouts};
use crate::error::Failure;
use crate::migration::{Migration, Set};
use crate::plan::record::Author;
use crate::plan::step::Step;
use crate::project::config::Platform;
use crate::project::{Project, platform};

/// Raised when trials tell something else than before.
const TRIAL: &str = "1";

/// Raised when replays leave something else than before.
pub(super) const REVISION: &str = "3";

/// Replays the migrations and reads what they leave.
pub(super) async fn migrations(
    cx: &Cx,
    project: &Project,
    to: Option<&str>,
    look: Look<'_>,
) -> Result<Loaded, Failure> {
    let set = cx.migrations(project)?;
    let last = to.map(|version| set.find(version).map(|migration| migration.version.key())).transpose()?;
    let wanted: Vec<&Migration> =
        set.migrations.iter().filter(|it| last.is_none_or(|last| it.version.key() <= last)).collect();
    let shadows = open(cx, project).await?;
    let kept = replay(cx, (project, &set), &shadows, &wanted).await?;
    see(&shadows, kept, look).await
}

/// The name of a database with what migrations leave, or with what there is before all of them.
pub async fn kept(
    cx: &Cx,
    project: &Project,
    shadows: &Shadows,
    (set, wanted): (&Set, &[&Migration]),
) -> Result<String, Failure> {
    replay(cx, (project, set), shadows, wanted).await
}

/// The server that shadows are made on: the managed local one, or the one that `[shadow]` or `DBCTL_SHADOW_URL` names.
pub async fn open(cx: &Cx, project: &Project) -> Result<Shadows, Failure> {
    let config = &project.config.shadow;
    let mut variables = ["DBCTL_SHADOW_URL"].into_iter().chain(config.url_env.as_deref());
    let said = variables.find_map(|name| project.env.get(name));
    if said.is_none()
        && let Some(url) = &config.url
    {
        refuse_password(url, "shadow")?;
    }
    let endpoint = match said.or_else(|| config.url.clone()) {
        Some(url) => Endpoint::from_url(&SecretString::from(url), &|name: &str| project.env.get(name))?,
        None => local::endpoint(&local::start_server(cx, project)?),
    };
    Shadows::open(endpoint).await.map_err(|error| of_shadows(error.into()))
}

/// The URL of the server that shadows are made on, where the user names one: else it is the managed local one.
pub fn own_server(project: &Project) -> Option<String> {
    let config = &project.config.shadow;
    let mut variables = ["DBCTL_SHADOW_URL"].into_iter().chain(config.url_env.as_deref());
    variables.find_map(|name| project.env.get(name)).or_else(|| config.url.clone())
}

/// A shadow in which just these migrations have run, by refinery's version.
pub async fn shadow_at(
    cx: &Cx,
    project: &Project,
    set: &Set,
    applied: &BTreeSet<i64>,
) -> Result<(Shadows, Shadow), Failure> {
    let is_applied = |it: &&Migration| applied.contains(&it.version.key());
    // Others of the folder would be late for refinery: they are left out.
    let there = Set { layout: set.layout, migrations: set.migrations.iter().filter(is_applied).cloned().collect() };
    let shadows = open(cx, project).await?;
    let wanted: Vec<&Migration> = there.migrations.iter().collect();
    let kept = replay(cx, (project, &there), &shadows, &wanted).await?;
    let shadow = shadows.create(Some(&kept)).await?;
    Ok((shadows, shadow))
}

/// Says which server a failure is about.
fn of_shadows(failure: Failure) -> Failure {
    failure.note(
        "this is the server that shadow databases are made on: the managed local one, or the one that `[shadow]` or \
         `DBCTL_SHADOW_URL` names",
    )
}

/// Reads a kept database. Whoever copies it at the same time waits for that, which is shorter than a copy would take.
pub(super) async fn see(shadows: &Shadows, kept: String, look: Look<'_>) -> Result<Loaded, Failure> {
    let session = shadows.session(&Shadow { name: kept.clone() }, true).await?;
    let loaded = look.at(&session).await?;
    Ok(Loaded { kept: Some(kept), ..loaded })
}

/// What the platform is, where the project has one.
pub(super) fn platform_mark(project: &Project) -> String {
    if project.platform() == Platform::Supabase { platform::mark() } else { String::new() }
}

/// What there is before the project: nothing, or its platform.
pub(super) async fn empty(cx: &Cx, project: &Project, look: Look<'_>) -> Result<Loaded, Failure> {
    if project.platform() != Platform::Supabase {
        return Ok(Catalog::default().into());
    }
    let shadows = open(cx, project).await?;
    let kept = platform(cx, &shadows).await?;
    see(&shadows, kept, look).await
}

/// A database with the platform and nothing of the project.
pub(super) async fn fresh(cx: &Cx, project: &Project, shadows: &Shadows) -> Result<Shadow, Failure> {
    let kept = match project.platform() {
        Platform::Supabase => Some(platform(cx, shadows).await?),
        Platform::Postgres => None,
    };
    shadows.create(kept.as_deref()).await.map_err(|error| of_shadows(error.into()))
}

/// The name of a database with the platform; it is kept, because the platform takes its time.
async fn platform(cx: &Cx, shadows: &Shadows) -> Result<String, Failure> {
    let hash = hash(&[REVISION, &platform::mark()]);
    if let Some(kept) = shadows.kept(&hash).await? {
        return Ok(kept);
    }
    let shadow = shadows.create(None).await.map_err(|error| of_shadows(error.into()))?;
    let session = shadows.session(&shadow, false).await?;
    let given = local::give_platform(cx, &session).await;
    drop(session);
    if let Err(failure) = given {
        shadows.drop(shadow).await?;
        return Err(failure);
    }
    Ok(shadows.keep(shadow, &hash).await?)
}

/// The name of the database in which all of the migrations have run; only what is not kept runs.
async fn replay(
    cx: &Cx,
    (project, set): (&Project, &Set),
    shadows: &Shadows,
    wanted: &[&Migration],
) -> Result<String, Failure> {
    let hashes = hashes(project, wanted);
    let mut begun = None;
    for (done, hash) in hashes.iter().enumerate().rev() {
        if let Some(kept) = shadows.kept(hash).await? {
            begun = Some((done, kept));
            break;
        }
    }
    let (mut at, mut kept) = if let Some(begun) = begun {
        begun
    } else {
        let shadow = fresh(cx, project, shadows).await?;
        (0, shadows.keep(shadow, &hashes[0]).await?)
    };
    while at < wanted.len() {
        // The newest migration is the one that is still being written: what stands before it is kept by itself.
        let end = if at + 1 < wanted.len() { wanted.len() - 1 } else { wanted.len() };
        let shadow = shadows.create(Some(&kept)).await?;
        let applied = apply(cx, (project, set), (shadows, &shadow), &wanted[at..end], at == 0).await;
        if let Err(failure) = applied {
            shadows.drop(shadow).await?;
            return Err(failure);
        }
        kept = shadows.keep(shadow, &hashes[end]).await?;
        at = end;
    }
    Ok(kept)
}

/// The hash of what each prefix of these migrations leaves, from that of none on.
fn hashes(project: &Project, wanted: &[&Migration]) -> Vec<String> {
    let mut hashes = vec![hash(&[REVISION, &platform_mark(project), &project.config.local.stub_extensions.join(",")])];
    for migration in wanted {
        let before = hashes.last().cloned().unwrap_or_default();
        // The history that stands beside the schema has versions and names in it.
        let (version, name) = (migration.version.text(), &migration.name);
        hashes.push(hash(&[&before, version, name, &migration.raw_checksum.to_string()]));
    }
    hashes
}

/// The hashes of a trial after these migrations on a server that goes by this name: of where it begins, and of each of the
/// steps with those before it.
pub fn trial_hashes(
    project: &Project,
    set: &Set,
    applied: &BTreeSet<i64>,
    pending: &[Step],
    server: &str,
) -> (String, Vec<String>) {
    let wanted: Vec<&Migration> = set.migrations.iter().filter(|it| applied.contains(&it.version.key())).collect();
    let left = hashes(project, &wanted).pop().unwrap_or_default();
    let begin = hash(&[&left, server, env!("CARGO_PKG_VERSION"), TRIAL]);
    let mut hashed = begin.clone();
    let of_step = |step: &Step| {
        let from = step.resume_at.to_string();
        hashed = hash(&[&hashed, &step.version, &step.path, &step.raw_sha256, &from]);
        hashed.clone()
    };
    let steps = pending.iter().map(of_step).collect();
    (begin, steps)
}

pub(super) fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// Runs migrations as `migrate` does, with the history that goes with them.
async fn apply(
    cx: &Cx,
    (project, set): (&Project, &Set),
    (shadows, shadow): (&Shadows, &Shadow),
    wanted: &[&Migration],
    is_first: bool,
) -> Result<(), Failure> {
    let mut session = shadows.session(shadow, false).await?;
    let mut ready = wanted.iter().map(|migration| steps::up(migration, None)).collect::<Result<Vec<_>, _>>()?;
    steps::stub_extensions(&session, project, &mut ready).await?;
    roles::tolerate(&mut ready);
    let Some(last) = ready.last().map(|step| step.key) else { return Ok(()) };
    let view = session.target("shadow", true).await?;
    let bug = |error: refinery::Error| RunError::Refinery(error.to_string());
    let result = {
        let author = Author { run: None, actor: None, tool_version: env!("CARGO_PKG_VERSION").to_owned() };
        // Nothing on a shadow waits for anybody, and what a migration takes long for is its own.
        let timeouts = Timeouts { lock: "0".to_owned(), statement: None };
        let mut silent = |_| ();
        let signals = interrupt::listen(&cx.terminal);
        let mut engine = Engine::new(&mut session, author, timeouts, signals, &mut silent, !is_first);
        let checks = Checks { divergent: false, missing: false };
        let result = match running::refinery_migrations(set, None, &ready).map_err(bug) {
            Ok(all) => engine.apply(&all, ready.clone(), Reach::Version(last), checks).await,
            Err(error) => Err(error),
        };
        result.map(drop)
    };
    result.map_err(|error| match error {
        RunError::Interrupted { .. } => interrupted(),
        error => run_failure::explain(&error, &ready, &[], &view)
            .note("it was replayed on a shadow database, which is dropped: no other database was touched"),
    })
}
