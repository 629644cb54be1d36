//! Functions, procedures and aggregates.

use std::sync::Arc;

use super::{Acl, Place, QName};
use crate::sql::ast::{CreateRoutine, RoutineKind, TypeName, Volatility};

/// A function.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name.
    pub name: QName,
    /// What kind.
    pub kind: RoutineKind,
    /// The types of its input arguments, which identify it.
    pub args: Vec<TypeName>,
    /// Where it was created or replaced last.
    pub created: Place,
    /// The type it returns, as SQL: `trigger`, `setof orders`, `table(a integer)`; empty for procedures.
    pub returns: String,
    /// Its language.
    pub language: String,
    /// Volatility.
    pub volatility: Volatility,
    /// `security definer`.
    pub security_definer: bool,
    /// The settings it fixes, with their values: `("search_path", "''")`.
    pub settings: Vec<(String, String)>,
    /// Its comment.
    pub comment: Option<String>,
    /// Who may execute it.
    pub acl: Acl,
    /// Its definition; `None` for an aggregate or one of the platform.
    pub definition: Option<Arc<CreateRoutine>>,
}

impl Function {
    /// The types in parentheses, as COMMENT, GRANT, ALTER and DROP want them: `(uuid, text)`.
    pub fn signature(&self) -> String {
        let types: Vec<String> = self.args.iter().map(ToString::to_string).collect();
        format!("({})", types.join(", "))
    }
}
