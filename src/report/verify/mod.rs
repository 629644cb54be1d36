//! `dbctl verify`: what a shadow database has proved of each migration, `dbctl/verify/v1`.

mod problems;
mod verdict;

use serde::Serialize;

use crate::risk::LockMode;

pub use problems::{cases, problems};
pub use verdict::{Require, fails};

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verify {
    /// Always `dbctl/verify/v1`.
    pub format: &'static str,
    /// The run's id; none where nothing was to be verified.
    pub run: Option<String>,
    /// The version of the server that judged, such as `15.14`.
    pub server_version: String,
    /// What a migration has to be for the answer to be yes.
    pub required: Vec<Require>,
    /// Whether every migration is what is required.
    pub ok: bool,
    /// The migrations, in the order in which they run.
    pub migrations: Vec<Verified>,
    /// Those that could not be tried, because one before them does not apply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_reached: Vec<String>,
    /// What is worth knowing beside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// How long it took.
    pub ms: f64,
}

/// What is proved of a migration.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// The version, as in the file name.
    pub version: String,
    /// The name, as in the file name.
    pub name: String,
    /// The file, relative to the project.
    pub path: String,
    /// SHA-256 of the normalised text.
    pub sha256: String,
    /// Whether it runs on the state before it.
    pub applies: bool,
    /// Why it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Breakage>,
    /// Whether it can run again.
    pub idempotent: Idempotent,
    /// Whether its way back restores what was there before.
    pub reversible: Reversible,
    /// The same of the generated way back, where there is a down file and both were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<Reversible>,
    /// The same on a database with rows, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_data: Option<WithData>,
    /// Whether it changes the schema at all.
    pub changes_schema: bool,
    /// The strongest lock on each relation that was there before it.
    pub locks: Vec<VerifyLock>,
    /// How long its statements took, once.
    pub ms: f64,
}

/// A statement that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Breakage {
    /// The file it stands in; generated statements stand in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The statement's number in its file, from 1; none where it failed at the end of its transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<usize>,
    /// The line it begins on, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The first line of it.
    pub sql: String,
    /// PostgreSQL's code, where the server said one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqlstate: Option<String>,
    /// What the server said.
    pub message: String,
    /// What mends it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub help: Vec<String>,
}

/// What came of running it a second time at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Idempotent {
    /// Whether it ran, and left what the first run had left.
    pub ok: bool,
    /// Whether it was tried.
    pub tested: bool,
    /// The statement that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Breakage>,
    /// The statement in a form that can run again; all such where several change something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarded: Option<String>,
    /// The statements that change something again, where none fails.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<Again>,
    /// Objects that are otherwise after the second run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<Difference>,
    /// Tables whose rows are others after the second run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowsDiffer>,
}

/// A statement that changes something once more when it runs again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Again {
    /// Its number in its file, from 1.
    pub statement: usize,
    /// The line it begins on, from 1.
    pub line: usize,
    /// The first line of it.
    pub sql: String,
    /// What it does again.
    pub why: String,
    /// It in a form that can run again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarded: Option<String>,
}

/// A table whose rows are others than they should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowsDiffer {
    /// The table.
    pub table: String,
    /// How: `3 rows were inserted again`.
    pub how: String,
}

/// What came of taking it back and applying it again.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in a document")]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reversible {
    /// What took it back.
    pub source: WaySource,
    /// The down file, where it was that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether it was tried.
    pub tested: bool,
    /// Whether the schema is what it was before, but for the order of columns.
    pub exact: bool,
    /// Whether the order of columns in a table is another than before.
    pub column_order: bool,
    /// The tables with another order of columns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub column_order_of: Vec<String>,
    /// Whether applying it again leaves what the first time had left.
    pub reup: bool,
    /// Data that the way back cannot restore.
    pub data_loss: Vec<DataLoss>,
    /// What it leaves as it is, because no schema shows it: rows that were put in, values that were changed, roles. A person
    /// decides on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decide: Vec<String>,
    /// Objects that are not what they were before.
    pub differs: Vec<Difference>,
    /// The statement of the way back that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Breakage>,
    /// The statement that failed when it was applied again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reup_failure: Option<Breakage>,
    /// Objects that are not what they were after it was applied for the first time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reup_differs: Vec<Difference>,
    /// The strongest lock of the way back on each relation that was there before it, where it ran in one transaction.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<VerifyLock>,
    /// The statements that mend what the way back leaves: at the end of the down file, or in its place where it fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

/// Where a way back comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WaySource {
    /// The down file.
    File,
    /// The difference of the catalogs after and before.
    #[default]
    Generated,
}

/// Data that is lost on the way there and back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataLoss {
    /// The table.
    pub table: String,
    /// The column; none where it is the whole table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Which direction loses it.
    pub by: LostBy,
    /// Why.
    pub why: String,
}

/// Which direction loses data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LostBy {
    /// The migration: the way back cannot bring it back.
    Up,
    /// The way back: what was written since goes.
    Down,
}

/// An object that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The object: `index public.users_email_idx`.
    pub object: String,
    /// What is wrong with it.
    pub how: How,
    /// The statements that mend it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mend: Vec<String>,
}

/// What is wrong with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It is not there, and should be.
    Missing,
    /// It is there, and should not be.
    Extra,
    /// It is another than it should be.
    Changed,
}

/// What came of it on a database with rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WithData {
    /// Whether it runs there.
    pub applies: bool,
    /// Why it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Breakage>,
    /// Tables that it had no reason to touch and whose rows are others after it and its way back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowsDiffer>,
    /// Whether the way back runs there too.
    pub reversible: bool,
    /// The statement of the way back that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_failure: Option<Breakage>,
    /// How many tables had rows.
    pub tables: usize,
    /// Tables that could not be filled, with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_filled: Vec<NotFilled>,
}

/// A table without rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotFilled {
    /// The table.
    pub table: String,
    /// Why it has none.
    pub why: String,
}

/// A lock on a relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifyLock {
    /// The relation.
    pub relation: String,
    /// How strong.
    pub mode: LockMode,
}

impl How {
    /// What is wrong with an object after a way back.
    pub fn after_back(self) -> &'static str {
        match self {
            Self::Missing => "is not made again",
            Self::Extra => "is left over",
            Self::Changed => "is another than before",
        }
    }

    /// What is wrong with an object after a second run.
    pub fn again(self) -> &'static str {
        match self {
            Self::Missing => "is gone after the second run",
            Self::Extra => "is made once more by the second run",
            Self::Changed => "is another after the second run",
        }
    }
}
