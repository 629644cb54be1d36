//! Views.

use serde::{Deserialize, Serialize};

use super::Options;

/// A view: <https://www.postgresql.org/docs/18/sql-createview.html>. Its columns, and their defaults, are objects of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct View {
    /// What it shows, without a semicolon.
    pub query: String,
    /// `security_barrier` and `security_invoker`.
    pub options: Options,
    /// `local` or `cascaded`, where rows written through it are checked.
    pub check_option: Option<String>,
}
