//! Types, domains and sequences.

use squawk_syntax::{SyntaxKind, SyntaxNode};

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
                    Some((self.literal_string(&literal)?, self.span(&literal)))
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
            Some(self.literal_string(&from)?)
        } else {
            None
        };
        Some(StmtKind::AlterEnum(Box::new(AlterEnum {
            name: self.name(named)?,
            value: self.literal_string(&label)?,
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
