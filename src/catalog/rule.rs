//! Rewrite rules.

use serde::{Deserialize, Serialize};

/// A rule that is no view's own: <https://www.postgresql.org/docs/18/catalog-pg-rewrite.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// What follows its name: `AS ON DELETE TO public.t DO INSTEAD NOTHING`.
    pub definition: String,
    /// When it fires.
    pub enabled: Enabled,
}

/// In which role of replication a session is when a rule fires:
/// <https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-SESSION-REPLICATION-ROLE>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enabled {
    /// `origin` and `local`, which is the rule.
    Origin,
    /// `replica`.
    Replica,
    /// All.
    Always,
    /// None.
    Disabled,
}
