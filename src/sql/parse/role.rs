//! Roles: `create role | user | group`, `alter role`.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use crate::sql::ast::{CreateRole, StmtKind};

impl Lower<'_> {
    /// `create role`, `create user`, `create group`.
    pub(super) fn create_role(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let mut role = CreateRole {
            alter: false,
            name: self.ident(&node.child(SyntaxKind::ROLE)?)?,
            options: Vec::new(),
            password: None,
        };
        self.role_options(node, &mut role);
        Some(StmtKind::CreateRole(Box::new(role)))
    }

    /// `alter role | user | group`; a rename is that of any object.
    pub(super) fn alter_role(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        if node.holds(SyntaxKind::ROLE_RENAME_TO) {
            return self.alter_object(node);
        }
        let name = match node.child(SyntaxKind::ROLE_REF) {
            Some(role) => self.ident(&role)?,
            None => self.ident_token(&node.token(SyntaxKind::ALL_KW)?),
        };
        let mut role = CreateRole { alter: true, name, options: Vec::new(), password: None };
        self.role_options(node, &mut role);
        for action in node.children() {
            let setting = matches!(action.kind(), SyntaxKind::SET_CONFIG_PARAM | SyntaxKind::RESET_CONFIG_PARAM)
                || matches!(action.kind(), SyntaxKind::ADD_USERS | SyntaxKind::DROP_USERS);
            if setting && let Some(word) = action.tokens().next() {
                role.options.push((word.text().to_lowercase(), self.span(&action)));
            }
        }
        Some(StmtKind::CreateRole(Box::new(role)))
    }

    fn role_options(&self, node: &SyntaxNode, role: &mut CreateRole) {
        let list = node.child(SyntaxKind::ROLE_OPTION_LIST);
        for option in list.iter().flat_map(SyntaxNode::children) {
            let password =
                matches!(option.kind(), SyntaxKind::ROLE_OPTION_PASSWORD | SyntaxKind::ROLE_OPTION_ENCRYPTED_PASSWORD);
            if password {
                role.password = option.child(SyntaxKind::LITERAL).map(|literal| self.span(&literal));
            }
            let word = if password { "password".to_owned() } else { first_word(&option) };
            role.options.push((word, self.span(&option)));
        }
    }
}

fn first_word(node: &SyntaxNode) -> String {
    node.tokens().next().map_or_else(String::new, |token| token.text().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    #[test]
    fn options_are_words_and_a_password_is_found() {
        let sql = "create role r with login NOSUPERUSER encrypted password 'x' in role a; alter role all set b = c; \
                   alter user r password null;";
        let roles = parse(sql).statements.into_iter().map(|statement| match statement.kind {
            StmtKind::CreateRole(role) => *role,
            other => panic!("{other:?}"),
        });
        let roles: Vec<_> = roles.collect();
        let words = |role: &CreateRole| role.options.iter().map(|(word, _)| word.clone()).collect::<Vec<_>>();
        assert_eq!(words(&roles[0]), ["login", "nosuperuser", "password", "in"]);
        assert_eq!(roles[0].password.unwrap().of(sql), "'x'");
        assert_eq!((roles[1].name.value.as_str(), words(&roles[1])), ("all", vec!["set".to_owned()]));
        assert_eq!((roles[2].alter, roles[2].password, words(&roles[2])), (true, None, vec!["password".to_owned()]));
    }
}
