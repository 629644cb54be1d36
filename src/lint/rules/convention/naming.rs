//! Names that statements give, and patterns for them.
//!
//! A pattern is the name itself with `*` for any letters, `?` for one, and what the rule fills in: `{table}`, and `{columns}`
//! (joined by `_`; anything where they are expressions).

use crate::lint::{EventCx, glob};
use crate::sql::ast::{
    Column, ColumnConstraintKind, ConstraintKind, Ident, Name, Persistence, Relation, StmtKind, TableActionKind,
    TableConstraint, TypeDefinition,
};

/// What gets a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Table,
    View,
    Column,
    Index,
    Constraint,
    Routine,
    Type,
    Sequence,
    Schema,
    Trigger,
}

impl Named {
    /// Its word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::View => "view",
            Self::Column => "column",
            Self::Index => "index",
            Self::Constraint => "constraint",
            Self::Routine => "function",
            Self::Type => "type",
            Self::Sequence => "sequence",
            Self::Schema => "schema",
            Self::Trigger => "trigger",
        }
    }
}

/// Looks at every name that a statement gives to something that stays.
pub(super) fn each<'a>(cx: &EventCx<'a>, mut look: impl FnMut(Named, &'a Ident)) {
    let mut last = |kind, name: &'a Name| {
        if let Some(ident) = name.parts.last() {
            look(kind, ident);
        }
    };
    match &cx.stmt().kind {
        StmtKind::CreateTable(it) if it.persistence != Persistence::Temporary => {
            last(Named::Table, &it.name);
            it.columns.iter().for_each(|it| column(it, &mut look));
            it.constraints.iter().filter_map(|it| it.name.as_ref()).for_each(|name| look(Named::Constraint, name));
        }
        StmtKind::CreateTableAs(it) if it.persistence != Persistence::Temporary => {
            last(Named::Table, &it.name);
            it.columns.iter().for_each(|name| look(Named::Column, name));
        }
        StmtKind::CreateView(it) if !it.temporary => {
            last(Named::View, &it.name);
            it.columns.iter().for_each(|name| look(Named::Column, name));
        }
        StmtKind::CreateIndex(it) => it.name.iter().for_each(|name| look(Named::Index, name)),
        StmtKind::CreateRoutine(it) => last(Named::Routine, &it.name),
        StmtKind::CreateType(it) => {
            last(Named::Type, &it.name);
            if let TypeDefinition::Composite(attributes) = &it.definition {
                for (name, _) in attributes {
                    look(Named::Column, name);
                }
            }
        }
        StmtKind::CreateDomain(it) => last(Named::Type, &it.name),
        StmtKind::CreateSequence(it) if !it.temporary => last(Named::Sequence, &it.name),
        StmtKind::CreateSchema(it) => look(Named::Schema, &it.name),
        StmtKind::CreateTrigger(it) => look(Named::Trigger, &it.name),
        StmtKind::AlterTable(it) => {
            for action in &it.actions {
                match &action.kind {
                    TableActionKind::AddColumn { column: added, .. } => column(added, &mut look),
                    TableActionKind::AddConstraint(added) => {
                        added.name.iter().for_each(|name| look(Named::Constraint, name));
                    }
                    TableActionKind::Rename(to) => look(relation(it.relation), to),
                    TableActionKind::RenameColumn { to, .. } => look(Named::Column, to),
                    TableActionKind::RenameConstraint { to, .. } => look(Named::Constraint, to),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn column<'a>(column: &'a Column, look: &mut impl FnMut(Named, &'a Ident)) {
    look(Named::Column, &column.name);
    column.constraints.iter().filter_map(|it| it.name.as_ref()).for_each(|name| look(Named::Constraint, name));
}

fn relation(relation: Relation) -> Named {
    match relation {
        Relation::Table | Relation::ForeignTable => Named::Table,
        Relation::View | Relation::MaterializedView => Named::View,
        Relation::Index => Named::Index,
        Relation::Sequence => Named::Sequence,
        Relation::Type => Named::Type,
    }
}

/// What a named constraint says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    ForeignKey,
    Unique,
    Check,
}

/// A constraint whose name is written.
pub(super) struct NamedConstraint<'a> {
    pub(super) table: &'a Name,
    pub(super) name: &'a Ident,
    pub(super) says: Says,
    /// Its columns; none for a check that is the table's.
    pub(super) columns: Vec<&'a str>,
}

/// Looks at every constraint that a statement adds under a written name.
pub(super) fn constraints<'a>(cx: &EventCx<'a>, mut look: impl FnMut(NamedConstraint<'a>)) {
    match &cx.stmt().kind {
        StmtKind::CreateTable(it) if it.persistence != Persistence::Temporary => {
            it.columns.iter().for_each(|column| of_column(&it.name, column, &mut look));
            it.constraints.iter().for_each(|constraint| of_table(&it.name, constraint, &mut look));
        }
        StmtKind::AlterTable(it) => {
            for action in &it.actions {
                match &action.kind {
                    TableActionKind::AddColumn { column, .. } => of_column(&it.name, column, &mut look),
                    TableActionKind::AddConstraint(constraint) => of_table(&it.name, constraint, &mut look),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn of_column<'a>(table: &'a Name, column: &'a Column, look: &mut impl FnMut(NamedConstraint<'a>)) {
    for constraint in &column.constraints {
        let says = match &constraint.kind {
            ColumnConstraintKind::References(_) => Says::ForeignKey,
            ColumnConstraintKind::Unique => Says::Unique,
            ColumnConstraintKind::Check { .. } => Says::Check,
            _ => continue,
        };
        if let Some(name) = &constraint.name {
            look(NamedConstraint { table, name, says, columns: vec![&column.name.value] });
        }
    }
}

fn of_table<'a>(table: &'a Name, constraint: &'a TableConstraint, look: &mut impl FnMut(NamedConstraint<'a>)) {
    let (says, columns): (_, &[Ident]) = match &constraint.kind {
        ConstraintKind::ForeignKey { columns, .. } => (Says::ForeignKey, columns),
        ConstraintKind::Unique { columns, .. } => (Says::Unique, columns),
        ConstraintKind::Check { .. } => (Says::Check, &[]),
        _ => return,
    };
    if let Some(name) = &constraint.name {
        look(NamedConstraint { table, name, says, columns: columns.iter().map(|it| it.value.as_str()).collect() });
    }
}

/// The pattern of a kind: the configuration's, else `preset`.
pub(super) fn pattern(cx: &EventCx<'_>, kind: &str, preset: &str) -> String {
    cx.config.naming.get(kind).map_or(preset, String::as_str).to_owned()
}

/// A pattern with the table and the columns filled in.
pub(super) fn filled(pattern: &str, table: &str, columns: &[&str]) -> String {
    let joined = if columns.is_empty() { "*".to_owned() } else { columns.join("_") };
    pattern.replace("{table}", table).replace("{columns}", &joined)
}

/// Whether a name is as a pattern wants it; of a name cut by PostgreSQL only the beginning counts.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    glob(pattern, name)
        || (pattern.len() > 63 && name.len() > 55 && pattern.starts_with(name.get(..50).unwrap_or(name)))
}

#[cfg(test)]
mod tests {
    use super::{filled, fits};

    #[test]
    fn patterns_are_filled_in_and_compared() {
        let pattern = filled("{table}_{columns}_idx", "orders", &["org_id", "status"]);
        assert_eq!(pattern, "orders_org_id_status_idx");
        assert!(fits(&pattern, "orders_org_id_status_idx"));
        assert!(!fits(&pattern, "idx_orders"));
        assert!(fits(&filled("{table}_{columns}_idx", "orders", &[]), "orders_lower_idx"));
    }
}
