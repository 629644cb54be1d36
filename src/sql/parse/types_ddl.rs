//! Types, domains and sequences.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::expr::second_string;
use super::name::literal_string;
use super::node::{Lower, Node};
use super::table::persistence;
use crate::sql::ast::{
    AlterEnum, AlterObject, CreateDomain, CreateSequence, CreateType, ObjectAction, ObjectKind, Persistence, Relation,
    StmtKind, TypeDefinition,
};

impl Lower<'_> {
    /// `create type`.
    pub(super) fn create_type(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let name = self.name(&node.child(SyntaxKind::TYPE_NAME)?)?;
        let definition = node.children().find_map(|part| match part.kind() {
            SyntaxKind::ENUM_TYPE => {
                let list = part.child(SyntaxKind::VARIANT_LIST);
                let labels = list.iter().flat_map(|list| list.every(SyntaxKind::VARIANT));
                let labels = labels.filter_map(|label| {
                    let literal = label.child(SyntaxKind::LITERAL)?;
                    if let Some(second) = second_string(&literal) {
                        self.refuse(&literal, Some(&second));
                    }
                    Some((literal_string(&literal)?, self.span(&literal)))
                });
                Some(TypeDefinition::Enum(labels.collect()))
            }
            SyntaxKind::COMPOSITE_TYPE => {
                let list = part.child(SyntaxKind::COMPOSITE_FIELD_LIST);
                let fields = list.iter().flat_map(|list| list.every(SyntaxKind::COMPOSITE_FIELD_DEF));
                let fields = fields.filter_map(|field| {
                    Some((self.ident(&field.child(SyntaxKind::COMPOSITE_FIELD)?)?, self.first_type(&field)?))
                });
                Some(TypeDefinition::Composite(fields.collect()))
            }
            SyntaxKind::RANGE_TYPE => Some(TypeDefinition::Range),
            _ => None,
        });
        let definition = definition.unwrap_or(TypeDefinition::Base);
        Some(StmtKind::CreateType(Box::new(CreateType { name, definition })))
    }

    /// `alter type`: an enum's values, a composite type's attributes, or what can be done to any type.
    pub(super) fn alter_type(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let named = node.child(SyntaxKind::TYPE_NAME_REF)?;
        let action = node.children().find(|child| *child != named && child.kind() != SyntaxKind::ERROR)?;
        match action.kind() {
            SyntaxKind::ADD_VALUE | SyntaxKind::RENAME_VALUE => self.alter_enum(&named, &action),
            SyntaxKind::ALTER_TYPE_ATTRIBUTE_ACTION_LIST | SyntaxKind::RENAME_ATTRIBUTE => {
                self.alter_table(node, Relation::Type)
            }
            _ => self.alter_one(ObjectKind::Type, &named, &action),
        }
    }

    fn alter_enum(&self, named: &SyntaxNode, action: &SyntaxNode) -> Option<StmtKind> {
        let mut literals = action.every(SyntaxKind::LITERAL);
        let mut label = literals.next()?;
        let renamed_from = if action.kind() == SyntaxKind::RENAME_VALUE {
            let from = std::mem::replace(&mut label, literals.next()?);
            Some(literal_string(&from)?)
        } else {
            None
        };
        Some(StmtKind::AlterEnum(Box::new(AlterEnum {
            name: self.name(named)?,
            value: literal_string(&label)?,
            value_span: self.span(&label),
            renamed_from,
            if_not_exists: action.holds(SyntaxKind::IF_NOT_EXISTS),
            positioned: action.holds(SyntaxKind::BEFORE_VALUE) || action.holds(SyntaxKind::AFTER_VALUE),
            keyword: self.token_span(&action.token(SyntaxKind::VALUE_KW)?),
        })))
    }

    /// `create domain`.
    pub(super) fn create_domain(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let mut domain = CreateDomain {
            name: self.name(&node.child(SyntaxKind::DOMAIN)?)?,
            base: self.first_type(node)?,
            default: None,
            not_null: false,
            checks: Vec::new(),
        };
        for part in node.children() {
            match part.kind() {
                SyntaxKind::DEFAULT_CONSTRAINT => domain.default = self.first_expr(&part),
                SyntaxKind::NOT_NULL_CONSTRAINT => domain.not_null = true,
                SyntaxKind::CHECK_CONSTRAINT => domain.checks.extend(self.first_expr(&part)),
                _ => {}
            }
        }
        Some(StmtKind::CreateDomain(Box::new(domain)))
    }

    /// `alter domain`.
    pub(super) fn alter_domain(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let named = node.child(SyntaxKind::DOMAIN_REF)?;
        let action = node.children().find(|child| *child != named && child.kind() != SyntaxKind::ERROR)?;
        self.alter_one(ObjectKind::Domain, &named, &action)
    }

    fn alter_one(&mut self, kind: ObjectKind, named: &SyntaxNode, action: &SyntaxNode) -> Option<StmtKind> {
        let name = Some(self.name(named)?);
        let action = self.simple_action(action).unwrap_or_else(|| ObjectAction::Other(action.words()));
        Some(StmtKind::AlterObject(Box::new(AlterObject { kind, name, on: None, action })))
    }

    fn simple_action(&mut self, node: &SyntaxNode) -> Option<ObjectAction> {
        let constraint = node.child(SyntaxKind::CONSTRAINT_NAME_REF).and_then(|name| self.ident(&name));
        Some(match node.kind() {
            SyntaxKind::TYPE_RENAME_TO | SyntaxKind::DOMAIN_RENAME_TO => ObjectAction::Rename(self.rename_to(node)?),
            SyntaxKind::SET_SCHEMA => ObjectAction::SetSchema(self.ident(&node.child(SyntaxKind::SCHEMA_REF)?)?),
            SyntaxKind::OWNER_TO => ObjectAction::Owner(node.child(SyntaxKind::ROLE_REF)?.words()),
            SyntaxKind::ADD_CONSTRAINT => {
                let added = node.children().next()?;
                let check = added.kind() == SyntaxKind::CHECK_CONSTRAINT;
                ObjectAction::AddConstraint {
                    name: self.constraint_name(&added),
                    check: if check { self.first_expr(&added) } else { None },
                    not_valid: added.holds(SyntaxKind::NOT_VALID),
                }
            }
            SyntaxKind::DROP_CONSTRAINT => {
                ObjectAction::DropConstraint { name: constraint?, if_exists: node.holds(SyntaxKind::IF_EXISTS) }
            }
            SyntaxKind::VALIDATE_CONSTRAINT => ObjectAction::ValidateConstraint(constraint?),
            _ => return None,
        })
    }

    /// `create sequence`.
    pub(super) fn create_sequence(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let name = self.name(&node.child(SyntaxKind::SEQUENCE)?)?;
        let owner = node.every(SyntaxKind::OPTION_OWNED_BY).last();
        let owner = owner.and_then(|owned| owned.child(SyntaxKind::QUALIFIED_COLUMN_NAME_REF));
        Some(StmtKind::CreateSequence(Box::new(CreateSequence {
            if_not_exists: node.holds(SyntaxKind::IF_NOT_EXISTS),
            temporary: persistence(node, &name) == Persistence::Temporary,
            name,
            type_name: node.child(SyntaxKind::OPTION_AS_TYPE).and_then(|option| self.first_type(&option)),
            owned_by: owner.and_then(|column| self.name(&column)),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    fn one(sql: &str) -> StmtKind {
        parse(sql).statements.remove(0).kind
    }

    #[test]
    fn types_are_told_apart() {
        let definition = |sql: &str| match one(sql) {
            StmtKind::CreateType(made) => made.definition,
            other => panic!("{other:?}"),
        };
        let sql = "create type s.e as enum ('a', 'b''c')";
        let TypeDefinition::Enum(labels) = definition(sql) else { panic!("no enum") };
        assert_eq!(labels.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>(), ["a", "b'c"]);
        assert_eq!(labels[1].1.of(sql), "'b''c'");
        let TypeDefinition::Composite(fields) = definition("create type c as (a int, b text collate \"C\")") else {
            panic!("none")
        };
        assert!(fields[1].0.value == "b" && fields[1].1.is("text"));
        assert_eq!(definition("create type r as range (subtype = int)"), TypeDefinition::Range);
        assert_eq!(definition("create type shell"), TypeDefinition::Base);
    }

    #[test]
    fn an_enums_values_are_added_and_renamed() {
        let sql = "alter type s.e add value if not exists 'x' before 'y'";
        let StmtKind::AlterEnum(add) = one(sql) else { panic!("{sql}") };
        assert!(add.if_not_exists && add.positioned && add.renamed_from.is_none());
        assert_eq!((add.value.as_str(), add.value_span.of(sql), add.keyword.of(sql)), ("x", "'x'", "value"));
        let StmtKind::AlterEnum(rename) = one("alter type e rename value 'x' to 'y'") else { panic!("no rename") };
        assert_eq!((rename.renamed_from.as_deref(), rename.value.as_str()), (Some("x"), "y"));
        let StmtKind::AlterObject(moved) = one("alter type e set schema \"S\"") else { panic!("not moved") };
        assert_eq!(moved.kind, ObjectKind::Type);
        assert!(matches!(moved.action, ObjectAction::SetSchema(schema) if schema.value == "S"));
    }

    #[test]
    fn a_domain_keeps_what_it_demands() {
        let sql = "create domain s.d as text default 'x' not null constraint k check (value > 'a') check (true)";
        let StmtKind::CreateDomain(domain) = one(sql) else { panic!("{sql}") };
        assert!(domain.not_null && domain.base.is("text") && domain.default.is_some());
        assert_eq!(domain.checks.iter().map(|check| check.span.of(sql)).collect::<Vec<_>>(), ["value > 'a'", "true"]);
    }

    #[test]
    fn a_domains_actions_are_told_apart() {
        let action = |sql: &str| match one(&format!("alter domain d {sql}")) {
            StmtKind::AlterObject(alter) => alter.action,
            other => panic!("{other:?}"),
        };
        let added = action("add constraint k check (value > 1) not valid");
        assert!(matches!(added, ObjectAction::AddConstraint { name: Some(_), check: Some(_), not_valid: true }));
        assert!(matches!(action("drop constraint if exists k"), ObjectAction::DropConstraint { if_exists: true, .. }));
        assert!(matches!(action("validate constraint k"), ObjectAction::ValidateConstraint(name) if name.value == "k"));
        assert!(matches!(action("rename to e"), ObjectAction::Rename(name) if name.value == "e"));
        assert_eq!(action("owner to \"Me\""), ObjectAction::Owner("\"Me\"".to_owned()));
        assert_eq!(action("set NOT null"), ObjectAction::Other("set not null".to_owned()));
    }

    #[test]
    fn a_sequence_knows_its_owner() {
        let StmtKind::CreateSequence(made) =
            one("create temp sequence if not exists q as bigint start 1 owned by s.t.c")
        else {
            panic!("no sequence")
        };
        assert!(made.temporary && made.if_not_exists);
        assert!(made.type_name.is_some_and(|it| it.is("bigint")));
        assert_eq!(made.owned_by.map(|owner| owner.parts.len()), Some(3));
        let StmtKind::CreateSequence(free) = one("create sequence q owned by none") else { panic!("no sequence") };
        assert_eq!(free.owned_by, None);
    }
}
