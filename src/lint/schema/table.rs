//! Tables with their columns, constraints and triggers.

use super::{Acl, FileId, Place, Policy, QName};
use crate::sql::ast::{Expr, Identity, ReferentialAction, TriggerTiming, TypeName};

/// What kind of table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// An ordinary table; a partition too.
    Ordinary,
    /// `partition by`.
    Partitioned,
    /// A foreign table.
    Foreign,
    /// A temporary table.
    Temporary,
}

/// A table.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own in PostgreSQL's catalogs")]
pub struct Table {
    /// Its name.
    pub name: QName,
    /// What kind.
    pub kind: TableKind,
    /// `unlogged`.
    pub unlogged: bool,
    /// Where it was created: its name in the statement.
    pub created: Place,
    /// The file that altered it last.
    pub touched: Option<FileId>,
    /// Whether all columns are known; not so for `create table as` over unknown tables, `like` an unknown one, typed tables.
    pub complete: bool,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// Its constraints, those of columns too; `not null` and `default` are the column's.
    pub constraints: Vec<Constraint>,
    /// Its indexes, those of constraints too.
    pub indexes: Vec<QName>,
    /// Of which table it is a partition.
    pub partition_of: Option<QName>,
    /// Of which composite type it is.
    pub of_type: Option<QName>,
    /// What it inherits from.
    pub inherits: Vec<QName>,
    /// Whether row-level security is on, and where it was switched last.
    pub row_security: bool,
    /// Where row-level security was switched on or off last.
    pub row_security_at: Option<Place>,
    /// `force row level security`.
    pub force_row_security: bool,
    /// Its policies.
    pub policies: Vec<Policy>,
    /// Its triggers.
    pub triggers: Vec<Trigger>,
    /// Its comment.
    pub comment: Option<String>,
    /// Who may do what.
    pub acl: Acl,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The primary key.
    pub fn primary_key(&self) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| matches!(constraint.def, ConstraintDef::PrimaryKey))
    }

    /// The constraint of this name.
    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| constraint.name == name)
    }

    /// Whether it belongs to the platform and no migration made it.
    pub fn is_platform(&self) -> bool {
        self.created.file.is_none()
    }

    /// Whether it is a temporary one.
    pub fn is_temporary(&self) -> bool {
        self.kind == TableKind::Temporary
    }
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type; `None` where it is not known. `serial` is `integer` with a default, as in the catalogs.
    pub type_name: Option<TypeName>,
    /// `not null`, also by a primary key or identity.
    pub not_null: bool,
    /// `default`; a serial type has `nextval(…)`.
    pub default: Option<Expr>,
    /// `generated`: `Some(true)` for stored, `Some(false)` for virtual.
    pub generated: Option<bool>,
    /// The expression of `generated`.
    pub generation: Option<Expr>,
    /// `generated as identity`.
    pub identity: Option<Identity>,
    /// Where it was defined.
    pub created: Place,
    /// Its comment.
    pub comment: Option<String>,
}

/// A constraint of a table.
#[derive(Debug, Clone)]
pub struct Constraint {
    /// Its name: the written one, or the one that PostgreSQL makes up (`orders_user_id_fkey`).
    pub name: String,
    /// Whether the name is written.
    pub named: bool,
    /// Its columns, as far as it has plain ones; for a check those it mentions.
    pub columns: Vec<String>,
    /// What it says.
    pub def: ConstraintDef,
    /// Whether existing rows are known to obey it: not so after `not valid`.
    pub valid: bool,
    /// Where it was added.
    pub created: Place,
}

/// What a constraint says.
#[derive(Debug, Clone)]
pub enum ConstraintDef {
    /// `primary key`.
    PrimaryKey,
    /// `unique`.
    Unique,
    /// `foreign key`.
    ForeignKey(Reference),
    /// `check`.
    Check(Expr),
    /// `exclude`.
    Exclude,
}

/// What a foreign key refers to.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The table.
    pub table: QName,
    /// Its columns; empty when the primary key is meant and not known.
    pub columns: Vec<String>,
    /// `on delete`, where written.
    pub on_delete: Option<ReferentialAction>,
    /// `on update`, where written.
    pub on_update: Option<ReferentialAction>,
}

/// A trigger.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// Where it was created.
    pub created: Place,
    /// When it fires.
    pub timing: TriggerTiming,
    /// `insert`, `update`, `delete`, `truncate`.
    pub events: Vec<String>,
    /// `for each row`.
    pub for_each_row: bool,
    /// What it runs.
    pub function: QName,
}
