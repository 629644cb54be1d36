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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    fn made(sql: &str) -> CreatePolicy {
        let StmtKind::CreatePolicy(policy) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        *policy
    }

    fn altered(sql: &str) -> AlterPolicy {
        let StmtKind::AlterPolicy(policy) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        *policy
    }

    #[test]
    fn a_policy_keeps_its_conditions_and_where_its_roles_belong() {
        let sql = "create policy \"P x\" on s.t as restrictive for update to public, current_user \
                   using (a = 1) with check (true);";
        let policy = made(sql);
        assert_eq!((policy.name.value.as_str(), policy.permissive), ("P x", false));
        assert_eq!(policy.command, PolicyCommand::Update);
        assert_eq!(policy.roles.iter().map(|role| role.value.as_str()).collect::<Vec<_>>(), ["public", "current_user"]);
        assert_eq!(policy.using.as_ref().unwrap().span.of(sql), "a = 1");
        assert!(sql[policy.roles_at..].starts_with(" to public"));
        let sql = "create policy q on t using (true);";
        let policy = made(sql);
        assert_eq!((policy.permissive, policy.command, policy.roles.len()), (true, PolicyCommand::All, 0));
        assert!(sql[policy.roles_at..].starts_with(" using (true)"));
    }

    #[test]
    fn what_alter_policy_leaves_alone_is_none() {
        let policy = altered("alter policy q on t to r;");
        assert_eq!((policy.roles.map(|roles| roles.len()), policy.using), (Some(1), None));
        let policy = altered("alter policy q on t rename to z;");
        assert_eq!((policy.roles, policy.rename.unwrap().value.as_str()), (None, "z"));
    }
}
