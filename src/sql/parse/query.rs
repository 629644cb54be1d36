//! Queries.

use squawk_syntax::SyntaxNode;

use super::node::Lower;
use crate::sql::ast::Query;

impl Lower<'_> {
    /// A query.
    pub(super) fn query(&mut self, node: &SyntaxNode) -> Option<Query> {
        None
    }
}
