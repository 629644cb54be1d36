//! Expressions.

use squawk_syntax::SyntaxNode;

use super::node::Lower;
use crate::sql::ast::Expr;

impl Lower<'_> {
    /// An expression.
    pub(super) fn expr(&mut self, node: &SyntaxNode) -> Option<Expr> {
        None
    }

    /// The first child that is an expression.
    pub(super) fn first_expr(&mut self, parent: &SyntaxNode) -> Option<Expr> {
        None
    }

    /// The children that are expressions.
    pub(super) fn exprs_in(&mut self, parent: &SyntaxNode) -> Vec<Expr> {
        Vec::new()
    }
}
