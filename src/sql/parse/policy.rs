//! Policies.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use crate::sql::ast::{AlterPolicy, CreatePolicy, Expr, Ident, PolicyCommand, StmtKind};

impl Lower<'_> {
    /// `create policy`.
    pub(super) fn create_policy(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let on = node.child(SyntaxKind::ON_TABLE)?;
        let kind = node.child(SyntaxKind::AS_POLICY_TYPE);
        let command = node.child(SyntaxKind::POLICY_COMMAND);
        let before_roles = command.as_ref().or(kind.as_ref()).unwrap_or(&on);
        let which = command.as_ref().and_then(|command| command.children().next());
        Some(StmtKind::CreatePolicy(Box::new(CreatePolicy {
            name: self.ident(&node.child(SyntaxKind::POLICY)?)?,
            table: self.name(&on)?,
            permissive: kind.as_ref().is_none_or(|kind| kind.words() != "as restrictive"),
            command: match which.map(|command| command.kind()) {
                Some(SyntaxKind::POLICY_COMMAND_SELECT) => PolicyCommand::Select,
                Some(SyntaxKind::POLICY_COMMAND_INSERT) => PolicyCommand::Insert,
                Some(SyntaxKind::POLICY_COMMAND_UPDATE) => PolicyCommand::Update,
                Some(SyntaxKind::POLICY_COMMAND_DELETE) => PolicyCommand::Delete,
                _ => PolicyCommand::All,
            },
            roles: self.policy_roles(node).unwrap_or_default(),
            using: self.policy_condition(node, SyntaxKind::USING_EXPR_CLAUSE),
            check: self.policy_condition(node, SyntaxKind::WITH_CHECK_EXPR_CLAUSE),
            roles_at: self.span(before_roles).end,
        })))
    }

    /// `alter policy`.
    pub(super) fn alter_policy(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let rename = node.child(SyntaxKind::POLICY_RENAME_TO);
        let action = node.child(SyntaxKind::ALTER_POLICY_TO);
        let action = action.as_ref().unwrap_or(node);
        Some(StmtKind::AlterPolicy(Box::new(AlterPolicy {
            name: self.ident(&node.child(SyntaxKind::POLICY_REF)?)?,
            table: self.name(&node.child(SyntaxKind::ON_TABLE)?)?,
            rename: rename.and_then(|rename| self.new_name(&rename)),
            roles: self.policy_roles(action),
            using: self.policy_condition(action, SyntaxKind::USING_EXPR_CLAUSE),
            check: self.policy_condition(action, SyntaxKind::WITH_CHECK_EXPR_CLAUSE),
        })))
    }

    fn policy_roles(&self, node: &SyntaxNode) -> Option<Vec<Ident>> {
        let list = node.child(SyntaxKind::POLICY_ROLES)?.child(SyntaxKind::ROLE_REF_LIST)?;
        Some(self.idents_in(&list))
    }

    fn policy_condition(&mut self, node: &SyntaxNode, clause: SyntaxKind) -> Option<Expr> {
        self.first_expr(&node.child(clause)?)
    }
}
