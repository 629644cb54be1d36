//! Collations.

use serde::{Deserialize, Serialize};

/// A collation: <https://www.postgresql.org/docs/18/catalog-pg-collation.html>.
///
/// The version of the library's data is no part of it: it says when it was made, and not what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Collation {
    /// `icu`, `libc` or `builtin`.
    pub provider: String,
    /// The locale, where one name says all.
    pub locale: Option<String>,
    /// How a libc collation sorts.
    pub lc_collate: Option<String>,
    /// What a libc collation takes for letters.
    pub lc_ctype: Option<String>,
    /// Whether what differs in bytes is different.
    pub deterministic: bool,
    /// Rules that tailor an ICU collation, from PostgreSQL 16 on.
    pub rules: Option<String>,
}
