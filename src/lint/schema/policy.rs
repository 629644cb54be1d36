//! Row-level security policies.

use super::Place;
use crate::sql::ast::{Expr, PolicyCommand};

/// A policy.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Where it was created.
    pub created: Place,
    /// Whether it is permissive.
    pub permissive: bool,
    /// What it applies to.
    pub command: PolicyCommand,
    /// To whom: `public` when nothing is written.
    pub roles: Vec<String>,
    /// `using`.
    pub using: Option<Expr>,
    /// `with check`.
    pub check: Option<Expr>,
}
