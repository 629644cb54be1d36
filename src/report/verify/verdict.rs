//! What a migration has to be, and what it is not.

use serde::{Deserialize, Serialize};

use super::{DataLoss, Reversible, RowsDiffer, Verified, WithData};

/// What can be required of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Require {
    /// It runs on the state before it.
    Applies,
    /// It can run again, and changes nothing then.
    Idempotent,
    /// Its way back restores the schema, and it can be applied again.
    Reversible,
}

impl Require {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Applies, Self::Idempotent, Self::Reversible];

    /// The word in settings and flags.
    pub fn word(self) -> &'static str {
        match self {
            Self::Applies => "applies",
            Self::Idempotent => "idempotent",
            Self::Reversible => "reversible",
        }
    }
}

impl Reversible {
    /// Whether the way back does what it should.
    pub fn ok(&self) -> bool {
        self.tested && self.exact && self.reup
    }
}

impl Verified {
    /// Takes over what came of it on a database with rows.
    pub fn take_over(&mut self, data: WithData, again: Vec<RowsDiffer>, losses: Vec<DataLoss>) {
        self.with_data = Some(data);
        if self.idempotent.ok && !again.is_empty() {
            self.idempotent.ok = false;
            self.idempotent.rows = again;
        }
        let known = &mut self.reversible.data_loss;
        for loss in losses {
            if !known.iter().any(|it| (&it.table, &it.column) == (&loss.table, &loss.column)) {
                known.push(loss);
            }
        }
    }

    /// Whether it is what is required.
    pub fn is(&self, what: Require) -> bool {
        match what {
            Require::Applies => self.applies && self.with_data.as_ref().is_none_or(|data| data.applies),
            Require::Idempotent => self.idempotent.ok,
            Require::Reversible => {
                let kept = |data: &WithData| !data.applies || data.reversible && data.rows.is_empty();
                self.reversible.ok() && self.with_data.as_ref().is_none_or(kept)
            }
        }
    }
}

/// What of the required a migration is not; what could not be tried because it does not apply is not said again.
pub fn fails(migration: &Verified, required: &[Require]) -> Vec<Require> {
    let failed = required.iter().copied().filter(|what| !migration.is(*what));
    let failed: Vec<Require> = failed.collect();
    if failed.contains(&Require::Applies) && !migration.applies { vec![Require::Applies] } else { failed }
}
