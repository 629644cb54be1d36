//! Views and materialised views.

use super::{Acl, Place, QName};
use crate::sql::ast::Query;

/// A view.
#[derive(Debug, Clone)]
pub struct View {
    /// Its name.
    pub name: QName,
    /// `materialized`.
    pub materialized: bool,
    /// Where it was created last.
    pub created: Place,
    /// Its options, `name=value` in lower case.
    pub options: Vec<String>,
    /// Its query.
    pub query: Query,
    /// Its columns, where they are known without knowing other relations; `None` for `select *` over an unknown one.
    pub columns: Option<Vec<String>>,
    /// The relations it reads.
    pub reads: Vec<QName>,
    /// Its comment.
    pub comment: Option<String>,
    /// Who may do what.
    pub acl: Acl,
    /// Whether a unique index on plain columns covers all rows (for `refresh … concurrently`): see the schema's indexes.
    pub indexes: Vec<QName>,
}

impl View {
    /// Whether `security_invoker` is on.
    pub fn is_security_invoker(&self) -> bool {
        self.options.iter().any(|option| {
            let (name, value) = option.split_once('=').unwrap_or((option, "true"));
            name == "security_invoker" && matches!(value.trim_matches('\''), "true" | "on" | "1" | "yes" | "t")
        })
    }
}
