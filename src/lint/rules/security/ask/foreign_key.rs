//! The foreign keys that a statement adds.

use crate::sql::ast::{
    Column, ColumnConstraintKind, ConstraintKind, ForeignKey, Ident, StmtKind, TableActionKind, TableConstraint,
};

/// A foreign key, and what is known of the column that it is on.
pub struct Added<'a> {
    /// What it refers to.
    pub key: &'a ForeignKey,
    /// The columns that refer.
    pub columns: Vec<&'a Ident>,
    /// The definition of the column, where the key is written in it.
    pub column: Option<&'a Column>,
}

/// The foreign keys that a statement adds.
pub fn added(stmt: &StmtKind) -> Vec<Added<'_>> {
    let mut found = Vec::new();
    match stmt {
        StmtKind::CreateTable(create) => {
            create.columns.iter().for_each(|column| of_column(column, &mut found));
            create.constraints.iter().for_each(|constraint| of_constraint(constraint, &mut found));
        }
        StmtKind::AlterTable(alter) => {
            for action in &alter.actions {
                match &action.kind {
                    TableActionKind::AddColumn { column, .. } => of_column(column, &mut found),
                    TableActionKind::AddConstraint(constraint) => of_constraint(constraint, &mut found),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    found
}

fn of_column<'a>(column: &'a Column, found: &mut Vec<Added<'a>>) {
    for constraint in &column.constraints {
        if let ColumnConstraintKind::References(key) = &constraint.kind {
            found.push(Added { key, columns: vec![&column.name], column: Some(column) });
        }
    }
}

fn of_constraint<'a>(constraint: &'a TableConstraint, found: &mut Vec<Added<'a>>) {
    if let ConstraintKind::ForeignKey { columns, reference } = &constraint.kind {
        found.push(Added { key: reference, columns: columns.iter().collect(), column: None });
    }
}
