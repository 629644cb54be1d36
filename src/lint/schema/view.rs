//! Views and materialised views.

use std::collections::BTreeSet;

use super::{Acl, Place, QName, Trigger};
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
    /// The columns of relations that it needs, as far as names tell: a column that several relations have counts for each.
    pub uses: BTreeSet<(QName, String)>,
    /// Its comment.
    pub comment: Option<String>,
    /// Who may do what.
    pub acl: Acl,
    /// Whether a unique index on plain columns covers all rows (for `refresh … concurrently`): see the schema's indexes.
    pub indexes: Vec<QName>,
    /// Its triggers.
    pub triggers: Vec<Trigger>,
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
