//! A copy of a schema on a shadow database, on which renames are made and read back.

use super::super::Cx;
use super::Loaded;
use super::proof::run;
use super::replay::{fresh, open};
use crate::catalog::{Catalog, Scope};
use crate::db::catalog::read;
use crate::db::{Session, Shadow, Shadows};
use crate::diff::{Options, Step, plan};
use crate::error::Failure;
use crate::project::Project;

/// A copy; it is made when the first statement is to run on it.
pub struct Copy<'a> {
    cx: &'a Cx,
    project: &'a Project,
    of: &'a Loaded,
    scope: &'a Scope,
    options: Options,
    made: Option<(Shadows, Shadow, Session)>,
}

/// Why a statement did not run: it, and what the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The statement.
    pub sql: String,
    /// What the server said.
    pub said: String,
    /// Whether it is one of those that make the copy.
    pub of_copy: bool,
}

impl<'a> Copy<'a> {
    /// A copy that is not made yet.
    pub fn new(cx: &'a Cx, project: &'a Project, of: &'a Loaded, scope: &'a Scope, options: Options) -> Self {
        Self { cx, project, of, scope, options, made: None }
    }

    /// Runs statements, in one transaction.
    pub async fn run(&mut self, steps: &[Step]) -> Result<Result<(), Refused>, Failure> {
        if let Err(refused) = Box::pin(self.make()).await? {
            return Ok(Err(refused));
        }
        let Some((_, _, session)) = &self.made else { return Ok(Ok(())) };
        Ok(match run(session, steps).await? {
            Some((sql, said)) => Err(Refused { sql, said, of_copy: false }),
            None => Ok(()),
        })
    }

    /// Reads what is there now.
    pub async fn read(&self) -> Result<Catalog, Failure> {
        match &self.made {
            Some((_, _, session)) => Ok(read(session, |id| self.scope.contains(id)).await?),
            None => Ok(self.of.catalog.clone()),
        }
    }

    /// Drops it.
    pub async fn drop(self) -> Result<(), Failure> {
        if let Some((shadows, shadow, session)) = self.made {
            drop(session);
            shadows.drop(shadow).await?;
        }
        Ok(())
    }

    async fn make(&mut self) -> Result<Result<(), Refused>, Failure> {
        if self.made.is_some() {
            return Ok(Ok(()));
        }
        let shadows = open(self.cx, self.project).await?;
        let shadow = match &self.of.kept {
            Some(kept) => shadows.create(Some(kept)).await?,
            None => fresh(self.cx, self.project, &shadows).await?,
        };
        let session = shadows.session(&shadow, false).await?;
        session.batch("set check_function_bodies = off").await?;
        if self.of.kept.is_none() {
            let there = read(&session, |id| self.scope.contains(id)).await?;
            if let Some((sql, said)) =
                run(&session, &plan(&there, &self.of.catalog, self.options.whole()).steps).await?
            {
                drop(session);
                shadows.drop(shadow).await?;
                return Ok(Err(Refused { sql, said, of_copy: true }));
            }
        }
        self.made = Some((shadows, shadow, session));
        Ok(Ok(()))
    }
}
