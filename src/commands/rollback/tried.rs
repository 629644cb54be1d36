//! What a shadow database shows of the ways back that are asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::super::source::{self, ScopeArgs};
use super::super::verify::ground::Ground;
use super::super::verify::ready;
use super::super::verify::walk::{Trials, Walked, pass, walk};
use super::super::{Cx, roles};
use crate::catalog::Catalog;
use crate::db::Shadows;
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
        let seen = Box::pin(walk(ground, &subject, Trials { generated: true, ..Trials::default() })).await?;
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

/// What differs between a target and what its migrations leave.
pub fn drift(there: &Catalog, left: &Catalog) -> Vec<String> {
    crate::diff::compare(there, left, crate::diff::Options::default()).keys().map(ToString::to_string).collect()
}
