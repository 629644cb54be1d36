//! The rehearsal of migrations that are about to be written: each part of a plan is run on a shadow copy, and then taken
//! back, newest first. What a part leaves is what its way back begins with.

use super::super::Cx;
use super::super::rename::Settled;
use super::Loaded;
use super::proof::{perform, run};
use super::replay::{fresh, open};
use crate::catalog::{Catalog, Scope};
use crate::db::catalog::read;
use crate::db::{Session, Shadow, Shadows};
use crate::diff::{Options, Part, Plan, compare, plan};
use crate::error::Failure;
use crate::project::Project;

/// How many objects are named.
const NAMED: usize = 5;

/// What a rehearsal has shown.
#[derive(Debug)]
pub enum Rehearsal {
    /// Every part ran: what takes each back, in the order of the parts.
    Ran(Vec<Rehearsed>),
    /// A statement of the plan fails: it, and what the server said.
    Fails(String, String),
    /// The schema to begin with cannot be made on the shadow server.
    NoBeginning,
}

/// The way back from what a part leaves.
#[derive(Debug)]
pub struct Rehearsed {
    /// The statements.
    pub back: Plan,
    /// What is wrong with them, in words.
    pub warning: Option<String>,
}

/// Runs the parts of a plan on a shadow copy of what it begins with, and takes them back.
pub async fn rehearse(
    cx: &Cx,
    project: &Project,
    from: &Loaded,
    (parts, settled): (&[Part<'_>], &Settled),
    scope: &Scope,
    options: Options,
) -> Result<Rehearsal, Failure> {
    let shadows = open(cx, project).await?;
    let shadow = match &from.kept {
        Some(kept) => shadows.create(Some(kept)).await?,
        None => fresh(cx, project, &shadows).await?,
    };
    let rehearsal = on(&shadows, &shadow, from, (parts, settled), scope, options).await;
    shadows.drop(shadow).await?;
    rehearsal
}

async fn on(
    shadows: &Shadows,
    shadow: &Shadow,
    from: &Loaded,
    (parts, settled): (&[Part<'_>], &Settled),
    scope: &Scope,
    options: Options,
) -> Result<Rehearsal, Failure> {
    let session = shadows.session(shadow, false).await?;
    session.batch("set check_function_bodies = off").await?;
    let mut before = read(&session, |id| scope.contains(id)).await?;
    if from.kept.is_none() {
        if run(&session, &plan(&before, &from.catalog, options.whole()).steps).await?.is_some() {
            return Ok(Rehearsal::NoBeginning);
        }
        before = read(&session, |id| scope.contains(id)).await?;
    }
    let mut states = vec![before];
    for part in parts {
        if let Some((sql, said)) = perform(&session, part).await? {
            return Ok(Rehearsal::Fails(sql, said));
        }
        states.push(read(&session, |id| scope.contains(id)).await?);
    }
    let mut rehearsed = Vec::new();
    // Once a way back has failed, those before it begin elsewhere than they should.
    let mut is_lost = false;
    for (number, pair) in states.windows(2).enumerate().rev() {
        let [wanted, left] = pair else { continue };
        // The first part begins with the renames, and its way back ends with them.
        let back = match number {
            0 => settled.back(wanted, left, options.whole()),
            _ => plan(left, wanted, options.whole()),
        };
        let warning = if is_lost { None } else { take_back(&session, &back, wanted, scope, options).await? };
        is_lost |= warning.is_some();
        rehearsed.push(Rehearsed { back, warning });
    }
    rehearsed.reverse();
    Ok(Rehearsal::Ran(rehearsed))
}

/// Runs a way back; says what is wrong with it.
async fn take_back(
    session: &Session,
    back: &Plan,
    wanted: &Catalog,
    scope: &Scope,
    options: Options,
) -> Result<Option<String>, Failure> {
    if let Some((sql, said)) = run(session, &back.steps).await? {
        return Ok(Some(format!("`{sql}` fails: {said}")));
    }
    let there = read(session, |id| scope.contains(id)).await?;
    let differ = compare(&there, wanted, options);
    let names: Vec<String> = differ.keys().take(NAMED).map(ToString::to_string).collect();
    Ok((!names.is_empty()).then(|| format!("these are not what they were before: {}", names.join(", "))))
}
