//! The proof of a plan: it is run on a shadow copy of the one schema, and what it leaves is compared with the other.

use super::super::Cx;
use super::Loaded;
use super::replay::{fresh, open};
use crate::catalog::{Catalog, Scope};
use crate::db::catalog::read;
use crate::db::{Session, Shadow, Shadows};
use crate::diff::{Options, Step, compare, plan};
use crate::error::Failure;
use crate::project::Project;

/// What a proof has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The plan leaves the schema that is wanted.
    Holds,
    /// The plan leaves something else: the objects.
    Differs(Vec<String>),
    /// A statement of the plan fails: it, and what the server said.
    Fails(String, String),
    /// The schema to begin with cannot be made on the shadow server: why.
    NoBeginning(String),
}

/// Runs a plan on a shadow copy of what it begins with.
pub async fn prove(
    cx: &Cx,
    project: &Project,
    (from, to): (&Loaded, &Catalog),
    steps: &[Step],
    scope: &Scope,
    options: Options,
) -> Result<Proof, Failure> {
    let shadows = open(cx, project).await?;
    let shadow = match &from.kept {
        Some(kept) => shadows.create(Some(kept)).await?,
        None => fresh(cx, project, &shadows).await?,
    };
    let proof = on(&shadows, &shadow, (from, to), steps, scope, options).await;
    shadows.drop(shadow).await?;
    proof
}

async fn on(
    shadows: &Shadows,
    shadow: &Shadow,
    (from, to): (&Loaded, &Catalog),
    steps: &[Step],
    scope: &Scope,
    options: Options,
) -> Result<Proof, Failure> {
    let session = shadows.session(shadow, false).await?;
    session.batch("set check_function_bodies = off").await?;
    if from.kept.is_none() {
        let there = read(&session, |id| scope.contains(id)).await?;
        if let Some((sql, said)) = run(&session, &plan(&there, &from.catalog, options).steps).await? {
            return Ok(Proof::NoBeginning(format!("`{sql}` fails: {said}")));
        }
    }
    if let Some((sql, said)) = run(&session, steps).await? {
        return Ok(Proof::Fails(sql, said));
    }
    let left = read(&session, |id| scope.contains(id)).await?;
    let differ: Vec<String> = compare(&left, to, options).keys().map(ToString::to_string).collect();
    Ok(if differ.is_empty() { Proof::Holds } else { Proof::Differs(differ) })
}

/// Runs statements one by one; gives the one that fails with what the server said.
pub(super) async fn run(session: &Session, steps: &[Step]) -> Result<Option<(String, String)>, Failure> {
    for step in steps {
        match session.batch(&step.sql).await {
            Ok(()) => {}
            Err(error) if error.connection_is_lost() => return Err(error.into()),
            Err(error) => return Ok(Some((step.sql.clone(), error.to_string()))),
        }
    }
    Ok(None)
}
