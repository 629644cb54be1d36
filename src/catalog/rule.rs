//! Rewrite rules.

use serde::{Deserialize, Serialize};

use super::Enabled;

/// A rule that is no view's own: <https://www.postgresql.org/docs/18/catalog-pg-rewrite.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// What follows its name: `AS ON DELETE TO public.t DO INSTEAD NOTHING`.
    pub definition: String,
    /// When it fires.
    pub enabled: Enabled,
}
