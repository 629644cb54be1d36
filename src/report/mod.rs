//! What dbctl answers, as data: one view a command (`dbctl/<command>/v1`) and the stream of events of a run.
//!
//! A view is a document of its own, never an internal struct: its shape is a promise to scripts and does not change
//! within a version.

mod diff;
mod dump;
mod event;
mod failure;
pub mod lint;
mod migrate;
mod plan;
pub mod problem;
mod rls;
mod rollback;
mod rules;
mod runs;
mod status;
mod target;
mod trace;
pub mod verify;

pub use diff::{Change, Detail, Diff, DiffFile, DiffObject, DiffPart, Verdict};
pub use dump::Dump;
pub use event::{Direction, Event, Outcome, Stamped};
pub use failure::{Failed, Place, Said};
pub use migrate::{Applied, Migrate};
pub use plan::{Plan, PlanLock, PlanReason, PlanReversible, PlanRisk, PlanStatement, PlanStep, TransactionMode};
pub use rls::{RlsCell, RlsFault, RlsReason, RlsRole, RlsTable, RlsTest, RlsViolation, RlsWarning, cases as rls_cases};
pub use rollback::{
    BackLock, BackLoss, BackRefusal, BackSource, BackStep, Generated, Rollback, RollbackGenerate, RollbackScript,
    RolledBack,
};
pub use rules::{
    OptionPage, RuleList, RulePage, capitalised, markdown as rules_markdown, page_markdown as rule_markdown,
};
pub use runs::{RunMeta, RunSummary, Runs, short_run};
pub use status::{Checksum, MigrationState, MigrationStatus, Status, TargetStatus};
pub use target::{Target, target_flag};
pub use trace::{PlanChange, PlanEstimate, PlanFailure, PlanFate, PlanSession, PlanTrace, PlanWrites};
