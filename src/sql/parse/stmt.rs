//! Statements: which function reads which.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use crate::sql::ast::{Stmt, StmtKind};

impl Lower<'_> {
    /// A statement.
    pub(super) fn stmt(&mut self, node: &SyntaxNode) -> Stmt {
        let span = self.span_of_statement(node);
        let kind = self.stmt_kind(node).unwrap_or_else(|| {
            let first = node.tokens().next();
            StmtKind::Other(first.map(|token| token.text().to_ascii_lowercase()).unwrap_or_default())
        });
        Stmt { span, kind }
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
