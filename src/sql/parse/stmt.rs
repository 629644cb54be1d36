//! Statements: which function reads which.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::kind::object_kind;
use super::node::{Lower, Node};
use crate::sql::ast::{Drop, Relation, Stmt, StmtKind};

impl Lower<'_> {
    /// A statement.
    pub(super) fn stmt(&mut self, node: &SyntaxNode) -> Stmt {
        let span = self.span_of_statement(node);
        if self.depth == 0 {
            self.refused = false;
        }
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
            K::CREATE_FUNCTION => self.create_function(node),
            K::CREATE_PROCEDURE => self.create_procedure(node),
            K::ALTER_FUNCTION | K::ALTER_PROCEDURE | K::ALTER_ROUTINE | K::ALTER_AGGREGATE => self.alter_routine(node),
            K::CREATE_TRIGGER => self.create_trigger(node),
            K::CREATE_POLICY => self.create_policy(node),
            K::ALTER_POLICY => self.alter_policy(node),
            K::CREATE_SCHEMA => self.create_schema(node),
            K::CREATE_EXTENSION => self.create_extension(node),
            K::CREATE_ROLE | K::CREATE_USER | K::CREATE_GROUP => self.create_role(node),
            K::ALTER_ROLE | K::ALTER_USER | K::ALTER_GROUP => self.alter_role(node),
            K::COMMENT_ON => self.comment_on(node),
            K::SECURITY_LABEL => Some(StmtKind::SecurityLabel),
            K::DROP_OWNED => Some(StmtKind::Owned { drop: true }),
            K::REASSIGN => Some(StmtKind::Owned { drop: false }),
            K::ALTER_SYSTEM => Some(StmtKind::AlterSystem),
            K::ALTER_DATABASE => self.alter_database(node),
            kind => self.run(node).or_else(|| self.object_stmt(node, kind)),
        }
    }

    /// What runs or sets something rather than define it.
    fn run(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        use SyntaxKind as K;
        match node.kind() {
            K::DO => self.do_stmt(node),
            K::CALL => self.call_stmt(node),
            K::SET | K::SET_ROLE | K::SET_SESSION_AUTH => self.set(node),
            K::RESET | K::RESET_ROLE | K::RESET_SESSION_AUTH => self.reset(node),
            K::EXPLAIN => Some(self.explain(node)),
            K::PREPARE => self.prepare(node),
            K::EXECUTE => self.execute_prepared(node),
            K::VACUUM => Some(self.vacuum(node)),
            K::ANALYZE => Some(self.analyze(node)),
            K::CLUSTER | K::REPACK => Some(self.cluster(node)),
            K::REINDEX => self.reindex(node),
            K::BEGIN
            | K::COMMIT_TRANSACTION
            | K::COMMIT_PREPARED
            | K::ROLLBACK_TRANSACTION
            | K::ROLLBACK_TO_SAVEPOINT
            | K::ROLLBACK_PREPARED
            | K::SAVEPOINT_CREATE
            | K::RELEASE_SAVEPOINT
            | K::PREPARE_TRANSACTION
            | K::SET_TRANSACTION => Some(self.transaction(node)),
            _ => None,
        }
    }

    /// What makes, changes or drops an object that has no statement of its own in the tree.
    fn object_stmt(&mut self, node: &SyntaxNode, kind: SyntaxKind) -> Option<StmtKind> {
        object_kind(kind)?;
        match node.tokens().next()?.kind() {
            SyntaxKind::CREATE_KW => self.create_object(node),
            SyntaxKind::ALTER_KW => self.alter_object(node),
            SyntaxKind::DROP_KW => {
                let dropped = self.drop_stmt(node);
                let names = |drop: &Drop| drop.written.start < drop.written.end;
                if !matches!(&dropped, Some(StmtKind::Drop(drop)) if names(drop)) {
                    self.refuse_behind(node);
                }
                dropped
            }
            _ => None,
        }
    }
}
