//! Statements.

use squawk_syntax::SyntaxNode;

use super::node::Lower;
use crate::sql::ast::{Stmt, StmtKind};

impl Lower<'_> {
    /// A statement.
    pub(super) fn stmt(&mut self, node: &SyntaxNode) -> Stmt {
        Stmt { span: self.span(node), kind: StmtKind::Invalid }
    }
}
