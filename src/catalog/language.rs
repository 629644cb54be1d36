//! Procedural languages, and what they make of types.

use serde::{Deserialize, Serialize};

/// A procedural language: <https://www.postgresql.org/docs/18/sql-createlanguage.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Language {
    /// Whether everybody may write in it.
    #[serde(default)]
    pub trusted: bool,
    /// The function that calls functions, as SQL.
    pub handler: String,
    /// The function that runs `do` blocks, as SQL.
    #[serde(default)]
    pub inline: Option<String>,
    /// The function that looks at new functions, as SQL.
    #[serde(default)]
    pub validator: Option<String>,
}

/// How a type is given to a language and taken back: <https://www.postgresql.org/docs/18/sql-createtransform.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Transform {
    /// The function that gives it, with its arguments, as SQL.
    #[serde(default)]
    pub from_sql: Option<String>,
    /// The function that takes it back, with its arguments, as SQL.
    #[serde(default)]
    pub to_sql: Option<String>,
}
