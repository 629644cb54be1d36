//! What a shadow database shows of the ways back that are asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::super::source::{self, ScopeArgs};
use super::super::verify::ground::Ground;
use super::super::verify::ready;
use super::super::verify::walk::{Trials, Walked, pass, walk};
use super::super::{Cx, roles};
use crate::catalog::Catalog;
use crate::db::Shadows;
use crate::diff::inverse::{Names, turned_back, zoned};
use crate::diff::parts;
use crate::error::Failure;
use crate::migration::{Migration, Set};
use crate::project::Project;

/// What was seen on the shadow.
pub struct Tried {
    /// Of each migration, by refinery's version; none of those behind one that does not apply.
    pub walked: BTreeMap<i64, Walked>,
    /// What all of them leave.
    pub left: Catalog,
    /// The version of the server that judged.
    pub server_version: String,
}

/// Tries the ways back of migrations, by their files and by what is generated; what stands between them is only run.
pub async fn try_back(cx: &Cx, (project, set): (&Project, &Set), keys: &BTreeSet<i64>) -> Result<Tried, Failure> {
    let shadows = source::open(cx, project).await?;
    let ground = Box::pin(begin(cx, (project, set), shadows, keys)).await?;
    Box::pin(on(cx, (project, set), ground, keys)).await
}

async fn begin(
    cx: &Cx,
    (project, set): (&Project, &Set),
    shadows: Shadows,
    keys: &BTreeSet<i64>,
) -> Result<Ground, Failure> {
    let first = keys.first().copied().unwrap_or_default();
    let before: Vec<&Migration> = set.migrations.iter().filter(|it| it.version.key() < first).collect();
    let kept = source::kept(cx, project, &shadows, (set, &before)).await?;
    let shadow = shadows.create(Some(&kept)).await?;
    Box::pin(Ground::open(shadows, shadow, ScopeArgs::default().scope(project))).await
}

async fn on(
    cx: &Cx,
    (project, set): (&Project, &Set),
    mut ground: Ground,
    keys: &BTreeSet<i64>,
) -> Result<Tried, Failure> {
    let tried = Box::pin(over(cx, (project, set), &mut ground, keys)).await;
    let dropped = Box::pin(ground.drop()).await;
    let tried = tried?;
    dropped.map(|()| tried)
}

async fn over(
    cx: &Cx,
    (project, set): (&Project, &Set),
    ground: &mut Ground,
    keys: &BTreeSet<i64>,
) -> Result<Tried, Failure> {
    let server_version = ground.place.session()?.target("shadow", true).await?.server_version;
    let mut walked = BTreeMap::new();
    let is_between = |it: &&Migration| {
        let key = it.version.key();
        keys.first().is_some_and(|first| key >= *first) && keys.last().is_some_and(|last| key <= *last)
    };
    let mut made = Vec::new();
    let wait = cx.terminal.wait("trying the ways back on a shadow database");
    for migration in set.migrations.iter().filter(is_between) {
        let subject = ready(ground, project, migration).await?;
        made.extend(roles::new(ground.place.session()?, std::slice::from_ref(&subject.up)).await?);
        let key = migration.version.key();
        if !keys.contains(&key) {
            if pass(ground, &subject.up).await?.is_err() {
                break;
            }
            continue;
        }
        let mut seen = Box::pin(walk(ground, &subject, Trials { generated: true, ..Trials::default() })).await?;
        in_zone(ground, migration, &mut seen).await?;
        let applies = seen.report.applies;
        walked.insert(key, seen);
        if !applies {
            break;
        }
    }
    drop(wait);
    let left = ground.watch.whole(ground.watch.now());
    roles::forget(ground.place.session()?, &made).await;
    Ok(Tried { walked, left, server_version })
}

/// Lets the generated steps read values in the time zone that the migration has said, where they run so too. No schema
/// shows how values are read, so that what was seen of them holds all the same.
async fn in_zone(ground: &mut Ground, migration: &Migration, seen: &mut Walked) -> Result<(), Failure> {
    let (Some((before, after)), Some(plan)) = (&seen.states, &seen.generated) else { return Ok(()) };
    let columns = zoned(migration.source.text(), before, after, &Names::new(&plan.renames));
    let turned = turned_back(plan, &columns, before);
    if turned.steps == plan.steps {
        return Ok(());
    }
    let is_split = parts(&turned.steps).len() > 1 || turned.steps.iter().any(|step| step.outside_transaction);
    let stage = ground.stage(is_split).await?;
    ground.place.on(&stage)?.batch("set check_function_bodies = off").await?;
    let ran = ground.place.run(&stage, &turned.steps).await;
    ground.place.leave(stage).await?;
    match ran? {
        None => seen.generated = Some(turned),
        Some((sql, _)) => tracing::debug!(sql, "the time zone is left to the session"),
    }
    Ok(())
}

/// What differs between a target and what its migrations leave.
pub fn drift(there: &Catalog, left: &Catalog) -> Vec<String> {
    crate::diff::compare(there, left, crate::diff::Options::default()).keys().map(ToString::to_string).collect()
}
