//! `dbctl plan`: what `migrate` would do, `dbctl/plan/v1`.

use serde::Serialize;

use super::{PlanEstimate, PlanTrace, Target};
use crate::risk::{Level, LockMode, Phase, Reversible};

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Always `dbctl/plan/v1`.
    pub format: &'static str,
    /// The database.
    pub target: Target,
    /// The layout found, such as `Supabase`.
    pub layout: String,
    /// How many migrations are applied there already.
    pub applied: usize,
    /// What would be run, in order.
    pub steps: Vec<PlanStep>,
    /// What the target's statistics say of the relations that it touches.
    pub estimates: Vec<PlanEstimate>,
    /// Who reads the target's changes: replicas and logical slots, a sentence each.
    pub replication: Vec<String>,
    /// Why `migrate` would refuse as things stand; empty where it would not.
    pub refusals: Vec<String>,
    /// What is worth knowing though it stops nothing.
    pub remarks: Vec<String>,
}

/// How a migration's statements are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransactionMode {
    /// All statements and the history row in one transaction.
    Single,
    /// Every statement by itself.
    None,
    /// The file begins and ends transactions itself.
    SelfManaged,
}

/// One migration to be run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanStep {
    /// The version, as in the file name.
    pub version: String,
    /// The name, as in the file name.
    pub name: String,
    /// The file, relative to the project.
    pub path: String,
    /// SHA-256 of the normalised text.
    pub sha256: String,
    /// SHA-256 of the bytes of the file.
    pub raw_sha256: String,
    /// How its statements are grouped.
    pub transaction: TransactionMode,
    /// Why it does not run in one transaction.
    pub transaction_reason: Option<String>,
    /// The first statement to run, from 1; more than 1 where an earlier run did a part.
    pub resume_at: usize,
    /// Whether this exact content has passed locally.
    pub gate: bool,
    /// The down file that rolls it back, relative to the project.
    pub down: Option<String>,
    /// How dangerous it is, and why.
    pub risk: PlanRisk,
    /// The phases that its statements belong to, in the order of a safe change.
    pub phases: Vec<Phase>,
    /// The statements in order.
    pub statements: Vec<PlanStatement>,
}

/// How dangerous a migration is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanRisk {
    /// The level of its worst statement.
    pub level: Level,
    /// Why, worst first.
    pub reasons: Vec<PlanReason>,
}

/// What is dangerous about a statement of a migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanReason {
    /// How bad it is.
    pub level: Level,
    /// The statement's number, from 1.
    pub statement: usize,
    /// The line it begins on, from 1.
    pub line: usize,
    /// In words.
    pub text: String,
    /// The name by which it is approved: `drop-column:public.users.old`.
    pub approval: String,
    /// Who has approved it: the flag, `dbctl.toml`, or the comment in the migration.
    pub approved_by: Option<String>,
}

/// One statement of a step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanStatement {
    /// Its number, from 1.
    pub number: usize,
    /// The line it begins on, from 1.
    pub line: usize,
    /// The command tag, such as `CREATE TABLE`.
    pub kind: String,
    /// The object it touches, as written.
    pub object: Option<String>,
    /// What it destroys, where it does.
    pub hazard: Option<String>,
    /// The locks that it takes on relations which are there before the migration, strongest first.
    pub locks: Vec<PlanLock>,
    /// The relations that it writes anew, with all their indexes.
    pub rewrites: Vec<String>,
    /// The relations that it reads whole while it holds its lock.
    pub scans: Vec<String>,
    /// Why it can fail on rows that are there.
    pub may_fail: Vec<String>,
    /// Whether it can be taken back.
    pub reversible: PlanReversible,
    /// The statements that lead to the same with less waiting, in order, where there are such.
    pub instead: Vec<String>,
    /// The names by which it is approved, that of the worst first: `drop-column:public.users.old`.
    pub approvals: Vec<String>,
    /// What part of a safe change it is.
    pub phase: Phase,
    /// How dangerous it is.
    pub risk: Level,
    /// What it did on a shadow database; none where it was not tried.
    pub trace: Option<PlanTrace>,
}

/// A lock on a relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanLock {
    /// The relation.
    pub relation: String,
    /// How strong.
    pub mode: LockMode,
    /// What waits for it: `reads and writes`, `writes`, `schema changes`.
    pub blocks: &'static str,
}

/// Whether a statement can be taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanReversible {
    /// How far.
    pub ok: Reversible,
    /// Why not further; empty where it comes back exactly.
    pub why: String,
}
