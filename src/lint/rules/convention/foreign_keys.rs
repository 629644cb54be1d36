//! Where statements write foreign keys.

use crate::lint::EventCx;
use crate::sql::ast::{
    Column, ColumnConstraintKind, ConstraintKind, ForeignKey, Ident, Name, StmtKind, TableActionKind, TableConstraint,
};

/// A foreign key where it is written.
pub(super) struct Written<'a> {
    /// The table that refers.
    pub(super) table: &'a Name,
    /// Its columns.
    pub(super) columns: Vec<&'a Ident>,
    /// `references …`.
    pub(super) key: &'a ForeignKey,
}

/// Looks at every foreign key that a statement adds.
pub(super) fn each<'a>(cx: &EventCx<'a>, mut look: impl FnMut(Written<'a>)) {
    match &cx.stmt().kind {
        StmtKind::CreateTable(create) => {
            create.columns.iter().for_each(|it| column(&create.name, it, &mut look));
            create.constraints.iter().for_each(|it| constraint(&create.name, it, &mut look));
        }
        StmtKind::AlterTable(alter) => {
            for action in &alter.actions {
                match &action.kind {
                    TableActionKind::AddColumn { column: added, .. } => column(&alter.name, added, &mut look),
                    TableActionKind::AddConstraint(added) => constraint(&alter.name, added, &mut look),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn column<'a>(table: &'a Name, column: &'a Column, look: &mut impl FnMut(Written<'a>)) {
    for constraint in &column.constraints {
        if let ColumnConstraintKind::References(key) = &constraint.kind {
            look(Written { table, columns: vec![&column.name], key });
        }
    }
}

fn constraint<'a>(table: &'a Name, constraint: &'a TableConstraint, look: &mut impl FnMut(Written<'a>)) {
    if let ConstraintKind::ForeignKey { columns, reference } = &constraint.kind {
        look(Written { table, columns: columns.iter().collect(), key: reference });
    }
}
