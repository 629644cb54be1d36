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
            SyntaxKind::SET_STATISTICS | SyntaxKind::SET_OPTIONS | SyntaxKind::RESET_OPTIONS => AlterColumn::Planner,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::PartitionBound;
    use crate::sql::parse::parse;

    fn alter(sql: &str) -> AlterTable {
        let StmtKind::AlterTable(alter) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        *alter
    }

    fn kinds(sql: &str) -> Vec<TableActionKind> {
        alter(sql).actions.into_iter().map(|action| action.kind).collect()
    }

    #[test]
    fn each_action_stands_by_itself() {
        let sql = "alter table if exists only s.t add column if not exists a int not null default 3, drop b cascade;";
        let alter = alter(sql);
        assert!(alter.if_exists && alter.only);
        assert_eq!((alter.relation, alter.name.span.of(sql)), (Relation::Table, "s.t"));
        let [add, drop] = &alter.actions[..] else { panic!("{:?}", alter.actions) };
        assert_eq!(add.span.of(sql), "add column if not exists a int not null default 3");
        let TableActionKind::AddColumn { if_not_exists: true, column } = &add.kind else { panic!("{add:?}") };
        assert_eq!((column.span.of(sql), column.constraints.len()), ("a int not null default 3", 2));
        let TableActionKind::DropColumn { if_exists: false, name, cascade: true } = &drop.kind else {
            panic!("{drop:?}")
        };
        assert_eq!(name.value, "b");
    }

    #[test]
    fn a_columns_changes_are_told_apart() {
        let changes = kinds(
            "alter table t alter column c set data type bigint using c::bigint, alter c set default 3, alter c drop default,
             alter c set not null, alter c drop not null, alter c add generated always as identity,
             alter c drop identity if exists, alter c drop expression, alter c set expression as (1),
             alter c set statistics 100, alter c set (n_distinct = 1), alter c set generated always restart with 2",
        );
        let told: Vec<_> = changes
            .iter()
            .map(|kind| {
                let TableActionKind::AlterColumn { change, .. } = kind else { panic!("{kind:?}") };
                match change {
                    AlterColumn::Type { type_name, using: Some(_) } if type_name.is("bigint") => "type",
                    AlterColumn::SetDefault(_) => "set default",
                    AlterColumn::DropDefault => "drop default",
                    AlterColumn::SetNotNull => "set not null",
                    AlterColumn::DropNotNull => "drop not null",
                    AlterColumn::AddIdentity { identity: crate::sql::ast::Identity::Always } => "add identity",
                    AlterColumn::DropIdentity { if_exists: true } => "drop identity",
                    AlterColumn::DropExpression { if_exists: false } => "drop expression",
                    AlterColumn::SetExpression(_) => "set expression",
                    AlterColumn::Planner => "planner",
                    AlterColumn::Other => "other",
                    _ => "?",
                }
            })
            .collect();
        assert_eq!(
            told.join(", "),
            "type, set default, drop default, set not null, drop not null, add identity, drop identity, drop expression, \
             set expression, planner, planner, other"
        );
    }

    #[test]
    fn constraints_are_added_dropped_validated_and_renamed() {
        let sql = "alter table t add constraint k foreign key (a) references u not valid, drop constraint if exists \"K\" cascade,
            validate constraint k, alter constraint k deferrable";
        let alter = alter(sql);
        let [add, drop, validate, change] = &alter.actions[..] else { panic!("{:?}", alter.actions) };
        let TableActionKind::AddConstraint(constraint) = &add.kind else { panic!("{add:?}") };
        assert!(constraint.not_valid);
        assert_eq!(constraint.span.of(sql), "constraint k foreign key (a) references u not valid");
        let TableActionKind::DropConstraint { if_exists: true, name, cascade: true } = &drop.kind else {
            panic!("{drop:?}")
        };
        assert_eq!(name.value, "K");
        assert!(matches!(&validate.kind, TableActionKind::ValidateConstraint(name) if name.value == "k"));
        assert!(matches!(&change.kind, TableActionKind::AlterConstraint(name) if name.value == "k"));
        let [TableActionKind::RenameConstraint { from, to }] = &kinds("alter table t rename constraint a to b")[..]
        else {
            panic!("no rename")
        };
        assert_eq!((from.value.as_str(), to.value.as_str()), ("a", "b"));
    }

    #[test]
    fn what_is_done_to_the_table_itself_is_told_apart() {
        use TableActionKind as K;
        let of = |actions: &str| kinds(&format!("alter table t {actions}"));
        assert_eq!(
            of("enable row level security, no force row level security"),
            [K::RowSecurity(true), K::ForceRowSecurity(false)]
        );
        assert_eq!(
            of("enable replica trigger \"My\", disable trigger all"),
            [K::Trigger { enable: true, name: "My".to_owned() }, K::Trigger { enable: false, name: "all".to_owned() }]
        );
        assert_eq!(
            of("set logged, set tablespace x, set access method default, owner to CURRENT_USER"),
            [
                K::SetLogged(true),
                K::SetTablespace("x".to_owned()),
                K::SetAccessMethod("default".to_owned()),
                K::Owner("current_user".to_owned())
            ]
        );
        assert_eq!(
            of("replica identity using index i, replica identity full, set (fillfactor = 70), reset (fillfactor)"),
            [
                K::ReplicaIdentity("i".to_owned()),
                K::ReplicaIdentity("full".to_owned()),
                K::SetOptions(vec!["fillfactor=70".to_owned()]),
                K::ResetOptions(vec!["fillfactor".to_owned()])
            ]
        );
        assert_eq!(
            of("cluster on i, disable rule r"),
            [K::Other("cluster on".to_owned()), K::Other("disable rule".to_owned())]
        );
        assert!(matches!(&of("rename to \"U\"")[..], [K::Rename(name)] if name.value == "U"));
        assert!(matches!(
            &of("attach partition s.p default")[..],
            [K::AttachPartition { bound: Some(PartitionBound::Default), .. }]
        ));
        assert!(matches!(
            &of("detach partition p concurrently")[..],
            [K::DetachPartition { concurrently: true, finalize: false, .. }]
        ));
        assert!(matches!(&of("no inherit p")[..], [K::Inherit { add: false, .. }]));
    }

    #[test]
    fn its_kin_have_the_same_actions() {
        let view = alter("alter view if exists v rename column a to b");
        assert!(view.relation == Relation::View && view.if_exists);
        assert!(matches!(view.actions[0].kind, TableActionKind::RenameColumn { .. }));
        let index = alter("alter index i attach partition j");
        assert!(matches!(index.actions[0].kind, TableActionKind::AttachPartition { bound: None, .. }));
        assert_eq!(
            kinds("alter sequence s owned by t.c restart"),
            ["owned by", "restart"].map(|it| TableActionKind::Other(it.to_owned()))
        );
        let attributes =
            alter("alter type ty add attribute a int cascade, drop attribute if exists b, alter attribute c type text");
        assert_eq!(attributes.relation, Relation::Type);
        assert!(
            matches!(&attributes.actions[0].kind, TableActionKind::AddColumn { column, .. } if column.name.value == "a")
        );
        assert!(matches!(attributes.actions[1].kind, TableActionKind::DropColumn { if_exists: true, .. }));
        assert!(matches!(attributes.actions[2].kind, TableActionKind::AlterColumn { .. }));
        let all = parse("alter table all in tablespace x set tablespace y").statements.remove(0).kind;
        assert_eq!(all, StmtKind::Other("alter".to_owned()));
    }
}
