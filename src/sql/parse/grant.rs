//! `grant`, `revoke` and default privileges.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use crate::sql::ast::{AlterDefaultPrivileges, Grant, GrantTarget, Ident, ObjectKind, StmtKind};

impl Lower<'_> {
    /// `grant`.
    pub(super) fn grant(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let with = node.child(SyntaxKind::GRANT_WITH_CLAUSE);
        let option = with.is_some_and(|with| with.holds(SyntaxKind::GRANT_OPTION) || admin_option(&with));
        self.grant_of(node, false, option)
    }

    /// `revoke`.
    pub(super) fn revoke(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let option = node.holds(SyntaxKind::GRANT_OPTION_FOR) || node.holds(SyntaxKind::ADMIN_OPTION_FOR);
        self.grant_of(node, true, option)
    }

    fn grant_of(&mut self, node: &SyntaxNode, revoke: bool, option: bool) -> Option<StmtKind> {
        let (privileges, target) = match node.child(SyntaxKind::ON_PRIVILEGE_OBJECTS_CLAUSE) {
            Some(on) => (privileges(node), self.grant_target(&on.children().next()?)?),
            None => (Vec::new(), GrantTarget::Roles(self.granted_roles(node))),
        };
        Some(StmtKind::Grant(Box::new(Grant {
            revoke,
            privileges,
            columns: commands(node).any(|command| command.holds(SyntaxKind::COLUMN_REF_LIST))
                || node.child(SyntaxKind::ALL_PRIVILEGES).is_some_and(|all| all.holds(SyntaxKind::COLUMN_REF_LIST)),
            target,
            grantees: self.grantees(node),
            option,
            cascade: node.holds(SyntaxKind::CASCADE),
        })))
    }

    /// The roles that membership is granted in, which are written where privileges would be.
    fn granted_roles(&self, node: &SyntaxNode) -> Vec<Ident> {
        commands(node).filter_map(|command| self.ident(&command)).collect()
    }

    /// To or from whom.
    fn grantees(&self, node: &SyntaxNode) -> Vec<Ident> {
        node.child(SyntaxKind::ROLE_REF_LIST).map_or_else(Vec::new, |list| self.idents_in(&list))
    }

    fn grant_target(&mut self, node: &SyntaxNode) -> Option<GrantTarget> {
        let kind = match node.kind() {
            SyntaxKind::PRIVILEGE_ALL_FUNCTIONS_IN_SCHEMA => {
                return Some(self.all_in_schema(node, ObjectKind::Function));
            }
            SyntaxKind::PRIVILEGE_ALL_PROCEDURES_IN_SCHEMA => {
                return Some(self.all_in_schema(node, ObjectKind::Procedure));
            }
            SyntaxKind::PRIVILEGE_ALL_ROUTINES_IN_SCHEMA => return Some(self.all_in_schema(node, ObjectKind::Routine)),
            SyntaxKind::PRIVILEGE_ALL_SEQUENCES_IN_SCHEMA => {
                return Some(self.all_in_schema(node, ObjectKind::Sequence));
            }
            SyntaxKind::PRIVILEGE_ALL_TABLES_IN_SCHEMA => return Some(self.all_in_schema(node, ObjectKind::Table)),
            SyntaxKind::PRIVILEGE_FUNCTION | SyntaxKind::PRIVILEGE_PROCEDURE | SyntaxKind::PRIVILEGE_ROUTINE => {
                let list = node.children().next()?;
                let routines = list.children().filter_map(|routine| self.routine_ref(&routine)).collect();
                return Some(GrantTarget::Routines(routines));
            }
            SyntaxKind::PRIVILEGE_DEFAULT | SyntaxKind::PRIVILEGE_TABLE => ObjectKind::Table,
            SyntaxKind::PRIVILEGE_TYPE => ObjectKind::Type,
            SyntaxKind::PRIVILEGE_DATABASE => ObjectKind::Database,
            SyntaxKind::PRIVILEGE_LANGUAGE => ObjectKind::Language,
            SyntaxKind::PRIVILEGE_SCHEMA => ObjectKind::Schema,
            SyntaxKind::PRIVILEGE_TABLESPACE => ObjectKind::Tablespace,
            SyntaxKind::PRIVILEGE_DOMAIN => ObjectKind::Domain,
            SyntaxKind::PRIVILEGE_SEQUENCE => ObjectKind::Sequence,
            SyntaxKind::PRIVILEGE_FOREIGN_DATA_WRAPPER => ObjectKind::ForeignDataWrapper,
            SyntaxKind::PRIVILEGE_FOREIGN_SERVER => ObjectKind::Server,
            SyntaxKind::PRIVILEGE_PARAMETER => ObjectKind::Parameter,
            SyntaxKind::PRIVILEGE_PROPERTY_GRAPH => ObjectKind::PropertyGraph,
            // Large objects have numbers, not names.
            SyntaxKind::PRIVILEGE_LARGE_OBJECT => {
                return Some(GrantTarget::Objects(ObjectKind::LargeObject, Vec::new()));
            }
            _ => return None,
        };
        Some(GrantTarget::Objects(kind, node.children().filter_map(|name| self.name(&name)).collect()))
    }

    fn all_in_schema(&self, node: &SyntaxNode, kind: ObjectKind) -> GrantTarget {
        GrantTarget::AllInSchema(kind, self.idents_in(node))
    }

    /// `alter default privileges`.
    pub(super) fn alter_default_privileges(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let action = node.children().find(|child| {
            matches!(child.kind(), SyntaxKind::GRANT_DEFAULT_PRIVILEGES | SyntaxKind::REVOKE_DEFAULT_PRIVILEGES)
        })?;
        let roles = node.child(SyntaxKind::FOR_ROLES).and_then(|roles| roles.child(SyntaxKind::ROLE_REF_LIST));
        let schemas = node.child(SyntaxKind::IN_SCHEMAS);
        let kind = action.children().find_map(|target| {
            Some(match target.kind() {
                SyntaxKind::PRIVILEGE_TARGET_TABLES => ObjectKind::Table,
                SyntaxKind::PRIVILEGE_TARGET_SEQUENCES => ObjectKind::Sequence,
                SyntaxKind::PRIVILEGE_TARGET_FUNCTIONS | SyntaxKind::PRIVILEGE_TARGET_ROUTINES => ObjectKind::Function,
                SyntaxKind::PRIVILEGE_TARGET_TYPES => ObjectKind::Type,
                SyntaxKind::PRIVILEGE_TARGET_SCHEMAS => ObjectKind::Schema,
                SyntaxKind::PRIVILEGE_TARGET_LARGE_OBJECTS => ObjectKind::LargeObject,
                _ => return None,
            })
        })?;
        Some(StmtKind::AlterDefaultPrivileges(Box::new(AlterDefaultPrivileges {
            roles: roles.map_or_else(Vec::new, |list| self.idents_in(&list)),
            schemas: schemas.map_or_else(Vec::new, |list| self.idents_in(&list)),
            revoke: action.kind() == SyntaxKind::REVOKE_DEFAULT_PRIVILEGES,
            privileges: privileges(&action),
            kind,
            grantees: self.grantees(&action),
        })))
    }
}

/// The privileges, or roles, one by one.
fn commands(node: &SyntaxNode) -> impl Iterator<Item = SyntaxNode> {
    let list = node.child(SyntaxKind::REVOKE_COMMAND_LIST);
    list.into_iter().flat_map(|list| list.children()).filter(|child| child.kind() == SyntaxKind::REVOKE_COMMAND)
}

/// The privileges in lower case, without their columns.
fn privileges(node: &SyntaxNode) -> Vec<String> {
    if node.holds(SyntaxKind::ALL_PRIVILEGES) {
        return vec!["all".to_owned()];
    }
    let words = |command: SyntaxNode| {
        let columns = command.child(SyntaxKind::COLUMN_REF_LIST).map(|list| list.text_range().start());
        let tokens = command.tokens().take_while(|token| columns.is_none_or(|at| token.text_range().start() < at));
        tokens.map(|token| token.text().to_lowercase()).collect::<Vec<_>>().join(" ")
    };
    commands(node).map(words).collect()
}

/// `with admin option`, `with admin true`.
fn admin_option(with: &SyntaxNode) -> bool {
    let list = with.child(SyntaxKind::GRANT_ROLE_OPTION_LIST);
    list.iter().flat_map(|list| list.every(SyntaxKind::GRANT_ROLE_OPTION)).any(|option| {
        !option.has(SyntaxKind::FALSE_KW)
            && option.child(SyntaxKind::GRANT_ROLE_OPTION_NAME).is_some_and(|name| name.words() == "admin")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    fn grant(sql: &str) -> Grant {
        let StmtKind::Grant(grant) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        *grant
    }

    fn values(idents: &[Ident]) -> Vec<&str> {
        idents.iter().map(|ident| ident.value.as_str()).collect()
    }

    #[test]
    fn privileges_are_on_objects_or_columns() {
        let given =
            grant("grant SELECT, update (a, b) on s.t, u to public, current_user, group g, \"Me\" with grant option");
        assert!(!given.revoke && given.columns && given.option && !given.cascade);
        assert_eq!(given.privileges, ["select", "update"]);
        let GrantTarget::Objects(ObjectKind::Table, names) = &given.target else { panic!("{given:?}") };
        assert_eq!(
            names.iter().map(|name| (name.schema(), name.object())).collect::<Vec<_>>(),
            [(Some("s"), "t"), (None, "u")]
        );
        assert_eq!(values(&given.grantees), ["public", "current_user", "g", "Me"]);
        let taken = grant("revoke grant option for all privileges on schema s from a cascade");
        assert!(taken.revoke && taken.option && taken.cascade);
        assert_eq!(taken.privileges, ["all"]);
        assert!(matches!(taken.target, GrantTarget::Objects(ObjectKind::Schema, _)));
        assert_eq!(grant("grant alter system on parameter x.y to a").privileges, ["alter system"]);
    }

    #[test]
    fn whole_schemas_and_routines_are_targets() {
        let all = grant("revoke execute on all functions in schema a, \"B\" from public");
        let GrantTarget::AllInSchema(ObjectKind::Function, schemas) = &all.target else { panic!("{all:?}") };
        assert_eq!(values(schemas), ["a", "B"]);
        let routines = grant("grant execute on function s.f(int, out b text), g to a");
        let GrantTarget::Routines(routines) = &routines.target else { panic!("{routines:?}") };
        assert_eq!((routines[0].args.as_ref().map(Vec::len), &routines[1].args), (Some(1), &None));
    }

    #[test]
    fn membership_is_no_privilege() {
        let member = grant("grant r1, \"R2\" to u with admin option");
        assert!(member.privileges.is_empty() && member.option);
        let GrantTarget::Roles(roles) = &member.target else { panic!("{member:?}") };
        assert_eq!(values(roles), ["r1", "R2"]);
        assert!(!grant("grant r1 to u with inherit true, admin false").option);
        assert!(grant("revoke admin option for r1 from u").option);
    }

    #[test]
    fn default_privileges_name_their_creators_and_schemas() {
        let sql =
            "alter default privileges for role a in schema s revoke all privileges on functions from public, b cascade";
        let StmtKind::AlterDefaultPrivileges(it) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        assert_eq!(
            (values(&it.roles), values(&it.schemas), values(&it.grantees)),
            (vec!["a"], vec!["s"], vec!["public", "b"])
        );
        assert!(it.revoke && it.kind == ObjectKind::Function);
        assert_eq!(it.privileges, ["all"]);
    }
}
