//! Columns and constraints.

use squawk_syntax::{SyntaxElement, SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use crate::sql::ast::{
    Column, ColumnConstraint, ColumnConstraintKind, ConstraintKind, Expr, ForeignKey, Ident, Identity,
    ReferentialAction, TableConstraint,
};

impl Lower<'_> {
    /// A column's definition, in the list of `create table` or behind `add column`.
    pub(super) fn column(&mut self, node: &SyntaxNode) -> Option<Column> {
        let name_node = node.child(SyntaxKind::COLUMN_NAME)?;
        let name = self.ident(&name_node)?;
        let constraints = node.children().filter_map(|child| self.column_constraint(&child)).collect();
        let last = node.children().last()?;
        Some(Column { span: self.span_between(&name_node, &last), name, type_name: self.first_type(node), constraints })
    }

    /// A column's constraint; `None` for what is none.
    pub(super) fn column_constraint(&mut self, node: &SyntaxNode) -> Option<ColumnConstraint> {
        let kind = match node.kind() {
            SyntaxKind::NOT_NULL_CONSTRAINT => ColumnConstraintKind::NotNull,
            SyntaxKind::NULL_CONSTRAINT => ColumnConstraintKind::Null,
            SyntaxKind::DEFAULT_CONSTRAINT => ColumnConstraintKind::Default(self.first_expr(node)?),
            SyntaxKind::GENERATED_CONSTRAINT => self.generated(node)?,
            SyntaxKind::PRIMARY_KEY_CONSTRAINT => ColumnConstraintKind::PrimaryKey,
            SyntaxKind::UNIQUE_CONSTRAINT => ColumnConstraintKind::Unique,
            SyntaxKind::CHECK_CONSTRAINT => ColumnConstraintKind::Check {
                expr: self.first_expr(node)?,
                no_inherit: node.holds(SyntaxKind::NO_INHERIT),
            },
            SyntaxKind::REFERENCES_CONSTRAINT => ColumnConstraintKind::References(self.foreign_key(node)?),
            _ => return None,
        };
        Some(ColumnConstraint { span: self.span(node), name: self.constraint_name(node), kind })
    }

    fn generated(&mut self, node: &SyntaxNode) -> Option<ColumnConstraintKind> {
        let how = node
            .children()
            .find(|child| matches!(child.kind(), SyntaxKind::GENERATED_IDENTITY | SyntaxKind::GENERATED_STORED))?;
        Some(if how.kind() == SyntaxKind::GENERATED_IDENTITY {
            ColumnConstraintKind::Identity(identity(&how)?)
        } else {
            ColumnConstraintKind::Generated { expr: self.first_expr(&how)?, stored: how.holds(SyntaxKind::STORED) }
        })
    }

    /// A table's constraint; `None` for what is none.
    pub(super) fn table_constraint(&mut self, node: &SyntaxNode) -> Option<TableConstraint> {
        let kind = match node.kind() {
            SyntaxKind::PRIMARY_KEY_CONSTRAINT => {
                let (columns, using_index) = self.key(node)?;
                ConstraintKind::PrimaryKey { columns, using_index }
            }
            SyntaxKind::UNIQUE_CONSTRAINT => {
                let (columns, using_index) = self.key(node)?;
                let parameters = node.child(SyntaxKind::INDEX_PARAMETERS);
                let nulls_not_distinct = parameters.is_some_and(|it| it.holds(SyntaxKind::NULLS_NOT_DISTINCT));
                ConstraintKind::Unique { columns, using_index, nulls_not_distinct }
            }
            SyntaxKind::FOREIGN_KEY_CONSTRAINT => {
                let columns = self.column_names(&node.child(SyntaxKind::FOREIGN_KEY_COLUMN_LIST)?);
                ConstraintKind::ForeignKey { columns, reference: self.foreign_key(node)? }
            }
            SyntaxKind::CHECK_CONSTRAINT => {
                ConstraintKind::Check { expr: self.first_expr(node)?, no_inherit: node.holds(SyntaxKind::NO_INHERIT) }
            }
            SyntaxKind::EXCLUDE_CONSTRAINT => ConstraintKind::Exclude { elements: self.exclusions(node) },
            SyntaxKind::NOT_NULL_CONSTRAINT => {
                ConstraintKind::NotNull(self.ident(&node.child(SyntaxKind::COLUMN_NAME_REF)?)?)
            }
            _ => return None,
        };
        Some(TableConstraint {
            span: self.span(node),
            name: self.constraint_name(node),
            kind,
            not_valid: node.holds(SyntaxKind::NOT_VALID),
            not_enforced: node.holds(SyntaxKind::NOT_ENFORCED),
        })
    }

    /// The columns of a key, or the index that it takes over; `None` where neither is written.
    fn key(&self, node: &SyntaxNode) -> Option<(Vec<Ident>, Option<Ident>)> {
        if let Some(using) = node.child(SyntaxKind::USING_INDEX_NAME) {
            let mut name = self.name(&using.child(SyntaxKind::INDEX_REF)?)?;
            return Some((Vec::new(), name.parts.pop()));
        }
        let parameters = node.child(SyntaxKind::INDEX_PARAMETERS)?;
        Some((self.column_names(&parameters.child(SyntaxKind::CONSTRAINT_COLUMN_REF_LIST)?), None))
    }

    fn exclusions(&mut self, node: &SyntaxNode) -> Vec<Expr> {
        let Some(list) = node.child(SyntaxKind::CONSTRAINT_EXCLUSION_LIST) else { return Vec::new() };
        list.every(SyntaxKind::CONSTRAINT_EXCLUSION).filter_map(|element| self.first_expr(&element)).collect()
    }

    /// `references …` of a table's or a column's constraint, without `deferrable`, `not valid` and the like.
    pub(super) fn foreign_key(&self, node: &SyntaxNode) -> Option<ForeignKey> {
        let keyword = node.token(SyntaxKind::REFERENCES_KW)?;
        let target = node.child(SyntaxKind::TABLE_NAME_REF)?;
        let start = self.token_span(&keyword).start;
        let mut key = ForeignKey {
            span: self.span(&target),
            table: self.name(&target)?,
            columns: Vec::new(),
            on_delete: None,
            on_update: None,
        };
        for element in node.children_with_tokens().skip_while(|element| element.kind() != SyntaxKind::TABLE_NAME_REF) {
            let part = match element {
                SyntaxElement::Node(part) => part,
                // The list of a column's constraint is no node of its own.
                SyntaxElement::Token(token) => {
                    if token.kind() == SyntaxKind::R_PAREN {
                        key.span.end = self.token_span(&token).end;
                    }
                    continue;
                }
            };
            match part.kind() {
                SyntaxKind::COLUMN_NAME_REF => key.columns.extend(self.ident(&part)),
                SyntaxKind::FOREIGN_KEY_COLUMN_LIST => key.columns = self.column_names(&part),
                SyntaxKind::ON_DELETE_ACTION => key.on_delete = referential_action(&part),
                SyntaxKind::ON_UPDATE_ACTION => key.on_update = referential_action(&part),
                SyntaxKind::MATCH_FULL | SyntaxKind::MATCH_PARTIAL | SyntaxKind::MATCH_SIMPLE => {}
                _ => continue,
            }
            key.span.end = key.span.end.max(self.span(&part).end);
        }
        key.span.start = start;
        Some(key)
    }

    /// The columns in a list, `period` ones too.
    pub(super) fn column_names(&self, list: &SyntaxNode) -> Vec<Ident> {
        let columns = list.children().filter_map(|child| match child.kind() {
            SyntaxKind::COLUMN_NAME | SyntaxKind::COLUMN_NAME_REF => Some(child),
            SyntaxKind::PERIOD_COLUMN => child.child(SyntaxKind::COLUMN_NAME_REF),
            _ => None,
        });
        columns.filter_map(|column| self.ident(&column)).collect()
    }

    /// `constraint name`.
    pub(super) fn constraint_name(&self, node: &SyntaxNode) -> Option<Ident> {
        self.ident(&node.child(SyntaxKind::CONSTRAINT_NAME_CLAUSE)?.child(SyntaxKind::CONSTRAINT_NAME)?)
    }
}

/// `always` or `by default`, from the node that holds it.
pub(super) fn identity(node: &SyntaxNode) -> Option<Identity> {
    if node.holds(SyntaxKind::GENERATED_ALWAYS) {
        Some(Identity::Always)
    } else {
        node.holds(SyntaxKind::GENERATED_BY_DEFAULT).then_some(Identity::ByDefault)
    }
}

fn referential_action(node: &SyntaxNode) -> Option<ReferentialAction> {
    node.children().find_map(|child| {
        Some(match child.kind() {
            SyntaxKind::NO_ACTION => ReferentialAction::NoAction,
            SyntaxKind::RESTRICT => ReferentialAction::Restrict,
            SyntaxKind::CASCADE => ReferentialAction::Cascade,
            SyntaxKind::SET_NULL_COLUMNS => ReferentialAction::SetNull,
            SyntaxKind::SET_DEFAULT_COLUMNS => ReferentialAction::SetDefault,
            _ => return None,
        })
    })
}
