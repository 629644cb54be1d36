//! `dbctl dump`: a schema as SQL, `dbctl/dump/v1`.

use serde::Serialize;

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct Dump {
    /// Always `dbctl/dump/v1`.
    pub format: &'static str,
    /// The schema, as it was said.
    pub source: String,
    /// What makes it again.
    pub sql: String,
}
