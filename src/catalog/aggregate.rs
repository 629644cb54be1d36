//! Aggregate functions.

use serde::{Deserialize, Serialize};

use super::Parallel;

/// An aggregate function: <https://www.postgresql.org/docs/18/sql-createaggregate.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Aggregate {
    /// Its arguments, as SQL: `double precision ORDER BY anyelement`; empty for `*`.
    pub arguments: String,
    /// The type of its result, as SQL.
    pub returns: String,
    /// Whether its direct arguments are a hypothetical row of those it orders.
    #[serde(default)]
    pub hypothetical: bool,
    /// How it goes from row to row.
    pub state: AggregateState,
    /// The same where it moves with a window's frame.
    #[serde(default)]
    pub moving: Option<AggregateState>,
    /// The function that makes one state of two, as SQL.
    #[serde(default)]
    pub combine: Option<String>,
    /// The function that writes a state down, as SQL.
    #[serde(default)]
    pub serialize: Option<String>,
    /// The function that reads it again, as SQL.
    #[serde(default)]
    pub deserialize: Option<String>,
    /// The operator whose first value it gives, as SQL.
    #[serde(default)]
    pub sort_operator: Option<String>,
    /// Whether it may run in a parallel worker.
    pub parallel: Parallel,
}

/// How an aggregate function goes from row to row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AggregateState {
    /// The function that takes a row in, as SQL.
    pub transition: String,
    /// The function that takes a row out, as SQL.
    #[serde(default)]
    pub inverse: Option<String>,
    /// The state's type, as SQL.
    pub data_type: String,
    /// How large the state is in bytes; zero for what its type says.
    #[serde(default)]
    pub space: i32,
    /// The function that makes a result of the state, as SQL.
    #[serde(default)]
    pub last: Option<String>,
    /// Whether that gets arguments as the aggregate has them, too.
    #[serde(default)]
    pub last_extra: bool,
    /// `read_only`, `shareable` or `read_write`, where that is not the usual.
    #[serde(default)]
    pub last_modify: Option<String>,
    /// The first state.
    #[serde(default)]
    pub initial: Option<String>,
}
