//! Subscriptions.

use serde::{Deserialize, Serialize};

use super::Options;

/// A subscription: <https://www.postgresql.org/docs/18/catalog-pg-subscription.html>. Whether it is enabled is a matter of
/// running it, and none of the schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Subscription {
    /// How to connect, without anything secret; none where only a superuser may know.
    #[serde(default)]
    pub connection: Option<String>,
    /// Whether something secret was left out of that.
    #[serde(default)]
    pub redacted: bool,
    /// The publications.
    pub publications: Vec<String>,
    /// Its slot on the publisher.
    #[serde(default)]
    pub slot: Option<String>,
    /// Its options, where they are not what PostgreSQL chooses.
    #[serde(default)]
    pub options: Options,
}
