//! A statement of a plan.

use serde::{Deserialize, Serialize};

use crate::catalog::Id;
use crate::risk::{Hazard, HazardKind, LockMode};

/// What a statement does to its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Makes it.
    Create,
    /// Changes it.
    Alter,
    /// Takes it away.
    Drop,
}

/// A statement of a plan, without its semicolon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The object it is for.
    pub id: Id,
    /// The others of which it does the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Id>,
    /// What it does.
    pub verb: Verb,
    /// The statement.
    pub sql: String,
    /// What it may cost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hazards: Vec<Hazard>,
    /// Objects that are left out of the comparison and depend on what it takes away or changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependants: Vec<Id>,
    /// Whether PostgreSQL refuses it inside a transaction.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside_transaction: bool,
    /// Whether its transaction ends with it: what it makes can be used only then (`alter type … add value`), or what comes
    /// next lasts long, and must not keep waiting whom the locks so far keep waiting (`validate constraint`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub commit_before_use: bool,
    /// The number of what it is done at once with, in one transaction: what goes for a while comes back in it.
    #[serde(skip)]
    pub block: Option<usize>,
    /// Why others wait for as long as it lasts, though the plan is to keep nobody waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub still_blocks: Option<String>,
}

impl Step {
    fn new(id: &Id, verb: Verb, sql: impl Into<String>) -> Self {
        Self {
            id: id.clone(),
            also: Vec::new(),
            verb,
            sql: sql.into(),
            hazards: Vec::new(),
            dependants: Vec::new(),
            outside_transaction: false,
            commit_before_use: false,
            block: None,
            still_blocks: None,
        }
    }

    /// Makes an object.
    pub fn create(id: &Id, sql: impl Into<String>) -> Self {
        Self::new(id, Verb::Create, sql)
    }

    /// Changes an object.
    pub fn alter(id: &Id, sql: impl Into<String>) -> Self {
        Self::new(id, Verb::Alter, sql)
    }

    /// Takes an object away.
    pub fn drop(id: &Id, sql: impl Into<String>) -> Self {
        Self::new(id, Verb::Drop, sql)
    }

    /// What it may cost.
    #[must_use]
    pub fn hazard(mut self, kind: HazardKind, text: impl Into<String>) -> Self {
        self.hazards.push(Hazard::new(kind, text));
        self
    }

    /// The lock it takes on a relation.
    #[must_use]
    pub fn lock(mut self, mode: LockMode, relation: &str) -> Self {
        self.hazards.push(Hazard::lock(mode, relation));
        self
    }

    /// It is refused inside a transaction.
    #[must_use]
    pub fn outside_transaction(mut self) -> Self {
        self.outside_transaction = true;
        self
    }

    /// Whether it lasts the longer the more rows there are. What steps aside or goes does not.
    pub fn is_long(&self) -> bool {
        self.verb != Verb::Drop
            && self.hazards.iter().any(|hazard| matches!(hazard.kind, HazardKind::LongScan | HazardKind::Rewrite))
    }

    /// Whether it keeps readers or writers of what was there before waiting.
    pub fn is_strong(&self) -> bool {
        self.hazards.iter().any(|hazard| hazard.lock.is_some_and(|mode| mode >= LockMode::Share))
    }

    /// Whether data are gone afterwards.
    pub fn loses_data(&self) -> bool {
        self.hazards.iter().any(|hazard| hazard.kind == HazardKind::DataLoss)
    }
}
