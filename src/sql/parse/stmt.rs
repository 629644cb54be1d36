//! Statements: which function reads which.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::Lower;
use crate::sql::ast::{Stmt, StmtKind};

impl Lower<'_> {
    /// A statement.
    pub(super) fn stmt(&mut self, node: &SyntaxNode) -> Stmt {
        let span = self.span_of_statement(node);
        Stmt { span, kind: self.stmt_kind(node).unwrap_or(StmtKind::Invalid) }
    }

    fn stmt_kind(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        use SyntaxKind as K;
        match node.kind() {
            K::SELECT | K::SELECT_INTO | K::VALUES | K::TABLE | K::COMPOUND_SELECT | K::PAREN_SELECT => {
                self.select(node)
            }
            K::INSERT => self.insert(node),
            K::UPDATE => self.update(node),
            K::DELETE => self.delete(node),
            K::MERGE => self.merge(node),
            K::COPY => Some(self.copy(node)),
            K::TRUNCATE => Some(self.truncate(node)),
            K::LOCK => Some(self.lock(node)),
            _ => None,
        }
    }
}
