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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::{CreateTable, StmtKind};
    use crate::sql::parse::parse;

    fn table(sql: &str) -> CreateTable {
        let StmtKind::CreateTable(table) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        *table
    }

    fn names(idents: &[Ident]) -> Vec<&str> {
        idents.iter().map(|ident| ident.value.as_str()).collect()
    }

    #[test]
    fn a_column_keeps_its_constraints_in_order_with_their_places() {
        let sql = "create table t (\n  \"A b\" int constraint nn not null default 1 + 2 -- one\n primary key, c text)";
        let table = table(sql);
        let column = &table.columns[0];
        assert_eq!((column.name.value.as_str(), column.name.quoted), ("A b", true));
        assert!(column.type_name.as_ref().is_some_and(|it| it.is("integer")));
        assert!(column.span.of(sql).ends_with("primary key"));
        let written: Vec<_> = column.constraints.iter().map(|constraint| constraint.span.of(sql)).collect();
        assert_eq!(written, ["constraint nn not null", "default 1 + 2", "primary key"]);
        assert_eq!(column.constraints[0].name.as_ref().map(|name| name.value.as_str()), Some("nn"));
        assert_eq!(column.constraints[2].kind, ColumnConstraintKind::PrimaryKey);
    }

    #[test]
    fn a_generated_column_is_told_from_an_identity() {
        let table = table(
            "create table t (a int generated always as (1) stored, b int generated always as (1) virtual,
             c int generated by default as identity (start 1), d int generated always as identity)",
        );
        let kinds: Vec<_> = table.columns.iter().map(|column| &column.constraints[0].kind).collect();
        assert!(matches!(kinds[0], ColumnConstraintKind::Generated { stored: true, .. }));
        assert!(matches!(kinds[1], ColumnConstraintKind::Generated { stored: false, .. }));
        assert_eq!(*kinds[2], ColumnConstraintKind::Identity(Identity::ByDefault));
        assert_eq!(*kinds[3], ColumnConstraintKind::Identity(Identity::Always));
    }

    #[test]
    fn a_foreign_key_ends_where_its_actions_end() {
        let sql = "create table t (a int references s.o (id) on delete cascade deferrable, b int references p not null,
            foreign key (a, period b) references q (c, period d) match full on update set null on delete restrict
            initially deferred)";
        let table = table(sql);
        let ColumnConstraintKind::References(key) = &table.columns[0].constraints[0].kind else { panic!("no key") };
        assert_eq!(key.span.of(sql), "references s.o (id) on delete cascade");
        assert_eq!((key.table.span.of(sql), names(&key.columns)), ("s.o", vec!["id"]));
        assert_eq!((key.on_delete, key.on_update), (Some(ReferentialAction::Cascade), None));
        let ColumnConstraintKind::References(key) = &table.columns[1].constraints[0].kind else { panic!("no key") };
        assert_eq!((key.span.of(sql), names(&key.columns)), ("references p", vec![]));
        let ConstraintKind::ForeignKey { columns, reference } = &table.constraints[0].kind else { panic!("no key") };
        assert_eq!((names(columns), names(&reference.columns)), (vec!["a", "b"], vec!["c", "d"]));
        assert_eq!(reference.on_update, Some(ReferentialAction::SetNull));
        assert!(reference.span.of(sql).ends_with("on delete restrict"));
    }

    #[test]
    fn table_constraints_keep_what_decides_on_locks_and_scans() {
        let sql = "create table t (constraint k check (a > 1) no inherit not enforced, unique nulls not distinct (a, b) include (c),
            primary key using index i, exclude using gist (a with =, (lower(b)) with &&) where (c), not null a not valid)";
        let table = table(sql);
        let [check, unique, key, exclude, not_null] = &table.constraints[..] else { panic!("{:?}", table.constraints) };
        assert_eq!(check.name.as_ref().map(|name| name.span.of(sql)), Some("k"));
        assert!(matches!(check.kind, ConstraintKind::Check { no_inherit: true, .. }) && check.not_enforced);
        let ConstraintKind::Unique { columns, nulls_not_distinct: true, .. } = &unique.kind else {
            panic!("{unique:?}")
        };
        assert_eq!(names(columns), ["a", "b"]);
        let ConstraintKind::PrimaryKey { columns, using_index: Some(index) } = &key.kind else { panic!("{key:?}") };
        assert_eq!((columns.len(), index.value.as_str()), (0, "i"));
        let ConstraintKind::Exclude { elements } = &exclude.kind else { panic!("{exclude:?}") };
        assert_eq!(elements.iter().map(|element| element.span.of(sql)).collect::<Vec<_>>(), ["a", "lower(b)"]);
        assert!(matches!(&not_null.kind, ConstraintKind::NotNull(column) if column.value == "a") && not_null.not_valid);
    }
}
