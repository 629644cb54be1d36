//! Schemas.

use serde::{Deserialize, Serialize};

/// A schema: what there is to say of it, every object may have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {}
