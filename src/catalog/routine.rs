//! Functions and procedures: what both have, and what each has of its own.

use serde::{Deserialize, Serialize};

use super::Options;

/// An argument, or a column of `returns table`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Argument {
    /// Which way it goes.
    pub mode: ArgumentMode,
    /// Its name; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its type, as SQL.
    pub data_type: String,
    /// What it is where a call leaves it out, as SQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// Which way an argument goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArgumentMode {
    /// `in`.
    In,
    /// `out`.
    Out,
    /// `inout`.
    InOut,
    /// `variadic`.
    Variadic,
    /// A column of `returns table`.
    Table,
}

impl Argument {
    /// Whether a call gives it.
    pub fn is_input(&self) -> bool {
        matches!(self.mode, ArgumentMode::In | ArgumentMode::InOut | ArgumentMode::Variadic)
    }

    /// Whether a call gets it back.
    pub fn is_output(&self) -> bool {
        matches!(self.mode, ArgumentMode::Out | ArgumentMode::InOut | ArgumentMode::Table)
    }
}

/// What a routine does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// A text that its language reads when it is called.
    Source(String),
    /// A body that was read when it was made: `RETURN …` or `BEGIN ATOMIC … END`.
    Sql(String),
    /// A file and the name of a function in it.
    Library(String, String),
}

/// A function, window functions too: <https://www.postgresql.org/docs/18/sql-createfunction.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "as many as the catalog has")]
pub struct Function {
    /// Its arguments in order, and the columns it gives.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// `integer`, `SETOF text`, `TABLE(a integer)`.
    pub returns: String,
    /// Its language.
    pub language: String,
    /// Whether it is called with a window.
    #[serde(default)]
    pub window: bool,
    /// How its result follows from its arguments.
    pub volatility: Volatility,
    /// Whether it tells nothing of its arguments but by its result.
    #[serde(default)]
    pub leakproof: bool,
    /// Whether it gives null for null without being called.
    #[serde(default)]
    pub strict: bool,
    /// Whether it runs with its owner's privileges.
    #[serde(default)]
    pub security_definer: bool,
    /// Whether it may run in a parallel worker.
    pub parallel: Parallel,
    /// What a call costs, where that is not its language's usual.
    #[serde(default)]
    pub cost: Option<String>,
    /// How many rows it gives, where that is not the usual.
    #[serde(default)]
    pub rows: Option<String>,
    /// The function that plans for it, as SQL.
    #[serde(default)]
    pub support: Option<String>,
    /// Settings that hold while it runs.
    #[serde(default)]
    pub settings: Options,
    /// The types that transforms change for it, as SQL.
    #[serde(default)]
    pub transforms: Vec<String>,
    /// What it does.
    pub body: Body,
}

/// A procedure: <https://www.postgresql.org/docs/18/sql-createprocedure.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Procedure {
    /// Its arguments in order.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// Its language.
    pub language: String,
    /// Whether it runs with its owner's privileges.
    #[serde(default)]
    pub security_definer: bool,
    /// Settings that hold while it runs.
    #[serde(default)]
    pub settings: Options,
    /// The types that transforms change for it, as SQL.
    #[serde(default)]
    pub transforms: Vec<String>,
    /// What it does.
    pub body: Body,
}

/// How a function's result follows from its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Volatility {
    /// From nothing else.
    Immutable,
    /// From what the database holds at that moment, too.
    Stable,
    /// Anyhow.
    Volatile,
}

/// Whether a routine may run in a parallel worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Parallel {
    /// Anywhere.
    Safe,
    /// Only in the leader.
    Restricted,
    /// It keeps the whole query from being parallel.
    Unsafe,
}

impl Parallel {
    /// The word that SQL has for it.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Restricted => "restricted",
            Self::Unsafe => "unsafe",
        }
    }
}
