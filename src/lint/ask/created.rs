//! Which locks `create table` takes on tables that are there.

use crate::risk::LockMode;
use crate::sql::ast::{ColumnConstraintKind, ConstraintKind, CreateTable, Name, Persistence};
use crate::text::Span;

/// What `create table` locks beside the new table.
pub(super) fn created(create: &CreateTable, take: &mut dyn FnMut(&Name, LockMode, Span)) {
    if create.persistence == Persistence::Temporary {
        return;
    }
    if let Some(parent) = &create.partition_of {
        take(parent, LockMode::AccessExclusive, parent.span);
    }
    for parent in &create.inherits {
        take(parent, LockMode::ShareUpdateExclusive, parent.span);
    }
    for constraint in create.columns.iter().flat_map(|column| &column.constraints) {
        if let ColumnConstraintKind::References(reference) = &constraint.kind {
            take(&reference.table, LockMode::ShareRowExclusive, constraint.span);
        }
    }
    for constraint in &create.constraints {
        if let ConstraintKind::ForeignKey { reference, .. } = &constraint.kind {
            take(&reference.table, LockMode::ShareRowExclusive, constraint.span);
        }
    }
}
