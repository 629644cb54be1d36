//! `alter table` and its kin: views, indexes, sequences, foreign tables and the attributes of composite types.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::column::identity;
use super::node::{Lower, Node};
use super::table::attributes;
use crate::sql::ast::{AlterColumn, AlterTable, Column, Ident, Relation, StmtKind, TableAction, TableActionKind};

impl Lower<'_> {
    /// `alter table`, `alter view` and the like.
    pub(super) fn alter_table(&mut self, node: &SyntaxNode, relation: Relation) -> Option<StmtKind> {
        if node.holds(SyntaxKind::ALL_IN_TABLESPACE) {
            // It names no relation.
            return Some(StmtKind::Other("alter".to_owned()));
        }
        let (name, only) = self.relation_name(node).or_else(|| {
            let named = node.children().find(|child| {
                matches!(
                    child.kind(),
                    SyntaxKind::VIEW_REF | SyntaxKind::INDEX_REF | SyntaxKind::SEQUENCE_REF | SyntaxKind::TYPE_NAME_REF
                )
            })?;
            Some((self.name(&named)?, false))
        })?;
        let mut actions = Vec::new();
        for child in node.children() {
            if child.kind() == SyntaxKind::ALTER_TYPE_ATTRIBUTE_ACTION_LIST {
                actions.extend(child.children().filter_map(|action| self.table_action(&action)));
            } else {
                actions.extend(self.table_action(&child));
            }
        }
        let if_exists = node.holds(SyntaxKind::IF_EXISTS);
        Some(StmtKind::AlterTable(Box::new(AlterTable { relation, if_exists, only, name, actions })))
    }

    /// The action that a node is; `None` for the parts of the statement that are none.
    fn table_action(&mut self, node: &SyntaxNode) -> Option<TableAction> {
        if matches!(
            node.kind(),
            SyntaxKind::IF_EXISTS
                | SyntaxKind::TABLE_RELATION_NAME
                | SyntaxKind::VIEW_REF
                | SyntaxKind::INDEX_REF
                | SyntaxKind::SEQUENCE_REF
                | SyntaxKind::TYPE_NAME_REF
                | SyntaxKind::ERROR
        ) {
            return None;
        }
        let kind =
            self.column_action(node).or_else(|| self.constraint_action(node)).or_else(|| self.whole_action(node));
        let kind = kind.unwrap_or_else(|| TableActionKind::Other(first_words(node)));
        Some(TableAction { span: self.span(node), kind })
    }

    /// What is done to columns and attributes.
    fn column_action(&mut self, node: &SyntaxNode) -> Option<TableActionKind> {
        Some(match node.kind() {
            SyntaxKind::ADD_COLUMN => TableActionKind::AddColumn {
                if_not_exists: node.holds(SyntaxKind::IF_NOT_EXISTS),
                column: self.column(node)?,
            },
            SyntaxKind::ADD_ATTRIBUTE => {
                TableActionKind::AddColumn { if_not_exists: false, column: self.attribute(node)? }
            }
            SyntaxKind::DROP_COLUMN | SyntaxKind::DROP_ATTRIBUTE => TableActionKind::DropColumn {
                if_exists: node.holds(SyntaxKind::IF_EXISTS),
                name: self.column_ref(node)?,
                cascade: node.holds(SyntaxKind::CASCADE),
            },
            SyntaxKind::ALTER_COLUMN | SyntaxKind::ALTER_VIEW_COLUMN => {
                let name = self.column_ref(node)?;
                let change = node.children().find(|child| child.kind() != SyntaxKind::COLUMN_NAME_REF)?;
                TableActionKind::AlterColumn { name, change: self.column_change(&change).unwrap_or(AlterColumn::Other) }
            }
            SyntaxKind::ALTER_ATTRIBUTE => TableActionKind::AlterColumn {
                name: self.column_ref(node)?,
                change: AlterColumn::Type { type_name: self.first_type(node)?, using: None },
            },
            SyntaxKind::RENAME_COLUMN => TableActionKind::RenameColumn {
                from: self.column_ref(node)?,
                to: self.ident(&node.child(SyntaxKind::COLUMN_NAME)?)?,
            },
            SyntaxKind::RENAME_ATTRIBUTE => TableActionKind::RenameColumn {
                from: self.column_ref(node)?,
                to: self.ident(&node.child(SyntaxKind::COMPOSITE_FIELD)?)?,
            },
            _ => return None,
        })
    }

    /// The column or attribute that an action names.
    fn column_ref(&self, node: &SyntaxNode) -> Option<Ident> {
        let column = node
            .children()
            .find(|child| matches!(child.kind(), SyntaxKind::COLUMN_NAME_REF | SyntaxKind::COMPOSITE_FIELD_REF))?;
        self.ident(&column)
    }

    fn attribute(&mut self, node: &SyntaxNode) -> Option<Column> {
        let field = node.child(SyntaxKind::COMPOSITE_FIELD)?;
        let type_name = self.first_type(node)?;
        let mut span = self.span(&field);
        span.end = type_name.span.end.max(span.end);
        Some(Column { span, name: self.ident(&field)?, type_name: Some(type_name), constraints: Vec::new() })
    }

    /// What is done to one column; `None` for what the tree does not keep.
    fn column_change(&mut self, node: &SyntaxNode) -> Option<AlterColumn> {
        let if_exists = node.holds(SyntaxKind::IF_EXISTS);
        Some(match node.kind() {
            SyntaxKind::SET_TYPE => AlterColumn::Type {
                type_name: self.first_type(node)?,
                using: node.child(SyntaxKind::USING_EXPR).and_then(|using| self.first_expr(&using)),
            },
            SyntaxKind::SET_DEFAULT => AlterColumn::SetDefault(self.first_expr(node)?),
            SyntaxKind::DROP_DEFAULT => AlterColumn::DropDefault,
            SyntaxKind::SET_NOT_NULL => AlterColumn::SetNotNull,
            SyntaxKind::DROP_NOT_NULL => AlterColumn::DropNotNull,
            SyntaxKind::ADD_GENERATED => AlterColumn::AddIdentity { identity: identity(node)? },
            SyntaxKind::DROP_IDENTITY => AlterColumn::DropIdentity { if_exists },
            SyntaxKind::DROP_EXPRESSION => AlterColumn::DropExpression { if_exists },
            SyntaxKind::SET_EXPRESSION => AlterColumn::SetExpression(self.first_expr(node)?),
            _ => return None,
        })
    }

    /// What is done to constraints.
    fn constraint_action(&mut self, node: &SyntaxNode) -> Option<TableActionKind> {
        let named = node.child(SyntaxKind::CONSTRAINT_NAME_REF).and_then(|name| self.ident(&name));
        Some(match node.kind() {
            SyntaxKind::ADD_CONSTRAINT => {
                let constraint = node.children().find_map(|child| self.table_constraint(&child))?;
                TableActionKind::AddConstraint(constraint)
            }
            SyntaxKind::DROP_CONSTRAINT => TableActionKind::DropConstraint {
                if_exists: node.holds(SyntaxKind::IF_EXISTS),
                name: named?,
                cascade: node.holds(SyntaxKind::CASCADE),
            },
            SyntaxKind::VALIDATE_CONSTRAINT => TableActionKind::ValidateConstraint(named?),
            SyntaxKind::ALTER_CONSTRAINT => TableActionKind::AlterConstraint(named?),
            SyntaxKind::RENAME_CONSTRAINT => TableActionKind::RenameConstraint {
                from: named?,
                to: self.ident(&node.child(SyntaxKind::CONSTRAINT_NAME)?)?,
            },
            _ => return None,
        })
    }

    /// What is done to the relation itself.
    fn whole_action(&self, node: &SyntaxNode) -> Option<TableActionKind> {
        Some(match node.kind() {
            SyntaxKind::TABLE_RENAME_TO
            | SyntaxKind::VIEW_RENAME_TO
            | SyntaxKind::INDEX_RENAME_TO
            | SyntaxKind::SEQUENCE_RENAME_TO => TableActionKind::Rename(self.rename_to(node)?),
            SyntaxKind::SET_SCHEMA => TableActionKind::SetSchema(self.ident(&node.child(SyntaxKind::SCHEMA_REF)?)?),
            SyntaxKind::OWNER_TO => TableActionKind::Owner(node.child(SyntaxKind::ROLE_REF)?.words()),
            SyntaxKind::ENABLE_RLS => TableActionKind::RowSecurity(true),
            SyntaxKind::DISABLE_RLS => TableActionKind::RowSecurity(false),
            SyntaxKind::FORCE_RLS => TableActionKind::ForceRowSecurity(true),
            SyntaxKind::NO_FORCE_RLS => TableActionKind::ForceRowSecurity(false),
            SyntaxKind::ENABLE_TRIGGER | SyntaxKind::ENABLE_REPLICA_TRIGGER | SyntaxKind::ENABLE_ALWAYS_TRIGGER => {
                TableActionKind::Trigger { enable: true, name: self.only_name(node)?.value }
            }
            SyntaxKind::DISABLE_TRIGGER => {
                TableActionKind::Trigger { enable: false, name: self.only_name(node)?.value }
            }
            SyntaxKind::ATTACH_PARTITION => TableActionKind::AttachPartition {
                table: self.name(&node.child(SyntaxKind::TABLE_NAME_REF)?)?,
                bound: node.children().find_map(|child| self.partition_bound(&child)),
            },
            SyntaxKind::ATTACH_INDEX_PARTITION => {
                TableActionKind::AttachPartition { table: self.name(&node.child(SyntaxKind::INDEX_REF)?)?, bound: None }
            }
            SyntaxKind::DETACH_PARTITION => TableActionKind::DetachPartition {
                table: self.name(&node.child(SyntaxKind::TABLE_NAME_REF)?)?,
                concurrently: node.holds(SyntaxKind::DETACH_CONCURRENTLY),
                finalize: node.holds(SyntaxKind::DETACH_FINALIZE),
            },
            SyntaxKind::INHERIT_TABLE | SyntaxKind::NO_INHERIT_TABLE => TableActionKind::Inherit {
                table: self.name(&node.child(SyntaxKind::TABLE_NAME_REF)?)?,
                add: node.kind() == SyntaxKind::INHERIT_TABLE,
            },
            SyntaxKind::SET_LOGGED => TableActionKind::SetLogged(true),
            SyntaxKind::SET_UNLOGGED => TableActionKind::SetLogged(false),
            SyntaxKind::SET_TABLESPACE => TableActionKind::SetTablespace(self.only_name(node)?.value),
            SyntaxKind::SET_ACCESS_METHOD => TableActionKind::SetAccessMethod(
                self.only_name(node).map_or_else(|| "default".to_owned(), |method| method.value),
            ),
            SyntaxKind::SET_OPTIONS => TableActionKind::SetOptions(attributes(node)),
            SyntaxKind::RESET_OPTIONS => TableActionKind::ResetOptions(attributes(node)),
            SyntaxKind::REPLICA_IDENTITY => TableActionKind::ReplicaIdentity(match node.children().next() {
                Some(using) if using.kind() == SyntaxKind::USING_INDEX_NAME => self.only_name(&using)?.value,
                how => how?.words(),
            }),
            _ => return None,
        })
    }

    /// The name in an action's only child node.
    fn only_name(&self, node: &SyntaxNode) -> Option<Ident> {
        self.ident(&node.children().next()?)
    }

    /// The new name behind `rename to`, whatever kind of object it is of.
    pub(super) fn rename_to(&self, node: &SyntaxNode) -> Option<Ident> {
        self.name(&node.children().next()?)?.parts.pop()
    }
}

/// The first two words in lower case, or the one before a sign.
fn first_words(node: &SyntaxNode) -> String {
    let word = |text: &str| text.starts_with(|first: char| first.is_alphanumeric() || first == '_' || first == '"');
    let tokens = node.tokens().take(2).map(|token| token.text().to_lowercase());
    tokens.take_while(|text| word(text)).collect::<Vec<_>>().join(" ")
}
