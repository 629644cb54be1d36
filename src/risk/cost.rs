//! What one statement costs: what it locks, reads and writes anew, what it fails on, and what is dangerous about it.

use std::collections::{BTreeMap, BTreeSet};

use super::beside::Retype;
use super::{Danger, Level, LockMode, Phase, Reversible};

/// Something dangerous about a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What kind.
    pub danger: Danger,
    /// In words, with the names of the objects.
    pub text: String,
    /// The name by which it is approved: `drop-column:public.users.old`.
    pub approval: String,
}

impl Reason {
    /// How bad it is.
    #[must_use]
    pub fn level(&self) -> Level {
        self.danger.level()
    }
}

/// The cost of a statement. Relations have the names that they had before the migration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cost {
    /// The strongest lock on each relation that was there before.
    pub locks: BTreeMap<String, LockMode>,
    /// What is written anew, indexes included.
    pub rewrites: BTreeSet<String>,
    /// What is read whole under the lock.
    pub scans: BTreeSet<String>,
    /// Why it can fail on rows that are there.
    pub may_fail: Vec<String>,
    /// How far it can be taken back.
    pub reversible: Reversible,
    /// Why not further.
    pub why: String,
    /// The statements that lead to the same with less waiting.
    pub instead: Vec<String>,
    /// Sequences that belong among them, and that only what a database has tells.
    pub retypes: Vec<Retype>,
    /// What part of a safe change it is.
    pub phase: Phase,
    /// What is dangerous about it.
    pub reasons: Vec<Reason>,
}

impl Cost {
    /// The level of the worst reason.
    #[must_use]
    pub fn level(&self) -> Level {
        self.reasons.iter().map(Reason::level).max().unwrap_or_default()
    }

    /// Adds a reason, once.
    pub fn reason(&mut self, danger: Danger, approval: impl Into<String>, text: impl Into<String>) {
        let reason = Reason { danger, text: text.into(), approval: approval.into() };
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    /// Says that it can fail on rows.
    pub fn fails(&mut self, why: impl Into<String>) {
        let why = why.into();
        if !self.may_fail.contains(&why) {
            self.may_fail.push(why);
        }
    }

    /// Says how far it can be taken back; the worst counts.
    pub fn returns(&mut self, reversible: Reversible, why: impl Into<String>) {
        if reversible > self.reversible || self.why.is_empty() {
            (self.reversible, self.why) = (reversible.max(self.reversible), why.into());
        }
    }

    /// Says what part of a safe change it is; the last counts.
    pub fn is(&mut self, phase: Phase) {
        self.phase = phase.max(self.phase);
    }

    /// The names that approve what is above a level, each once.
    #[must_use]
    pub fn approvals(&self) -> Vec<String> {
        let mut reasons: Vec<&Reason> = self.reasons.iter().collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.level()));
        let mut names = Vec::new();
        for reason in reasons {
            if !names.contains(&reason.approval) {
                names.push(reason.approval.clone());
            }
        }
        names
    }
}
