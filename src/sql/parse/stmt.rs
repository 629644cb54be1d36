//! Statements: which function reads which.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use crate::sql::ast::{Relation, Stmt, StmtKind};

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
            K::CREATE_TABLE => self.create_table(node),
            K::CREATE_FOREIGN_TABLE => self.create_foreign_table(node),
            K::CREATE_TABLE_AS => self.create_table_as(node),
            K::CREATE_INDEX => self.create_index(node),
            K::CREATE_VIEW => self.create_view(node),
            K::CREATE_MATERIALIZED_VIEW => self.create_materialized_view(node),
            K::REFRESH => self.refresh(node),
            K::ALTER_TABLE => self.alter_table(node, Relation::Table),
            K::ALTER_FOREIGN_TABLE => self.alter_table(node, Relation::ForeignTable),
            K::ALTER_VIEW => self.alter_table(node, Relation::View),
            K::ALTER_MATERIALIZED_VIEW => self.alter_table(node, Relation::MaterializedView),
            K::ALTER_INDEX => self.alter_table(node, Relation::Index),
            K::ALTER_SEQUENCE => self.alter_table(node, Relation::Sequence),
            K::CREATE_TYPE => self.create_type(node),
            K::ALTER_TYPE => self.alter_type(node),
            K::CREATE_DOMAIN => self.create_domain(node),
            K::ALTER_DOMAIN => self.alter_domain(node),
            K::CREATE_SEQUENCE => self.create_sequence(node),
            K::GRANT => self.grant(node),
            K::REVOKE => self.revoke(node),
            K::ALTER_DEFAULT_PRIVILEGES => self.alter_default_privileges(node),
            _ => None,
        }
    }
}
