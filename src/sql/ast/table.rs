//! Tables, their columns and constraints.

use super::{Expr, Ident, Name, ObjectKind, Query, TypeName};
use crate::text::Span;

/// How long a relation lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// Stays.
    Permanent,
    /// `temp`, `temporary`, also by a `pg_temp` name.
    Temporary,
    /// `unlogged`.
    Unlogged,
}

/// `create table`, `create foreign table`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTable {
    /// `foreign table`.
    pub foreign: bool,
    /// How long it lives.
    pub persistence: Persistence,
    /// `if not exists`.
    pub if_not_exists: bool,
    /// Its name.
    pub name: Name,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its table constraints.
    pub constraints: Vec<TableConstraint>,
    /// `like t …`.
    pub like: Vec<Like>,
    /// `inherits (…)`.
    pub inherits: Vec<Name>,
    /// `of type`.
    pub of_type: Option<Name>,
    /// `partition of parent`.
    pub partition_of: Option<Name>,
    /// The bound of `partition of`.
    pub bound: Option<PartitionBound>,
    /// `partition by`: the strategy (`range`, `list`, `hash`) and the key.
    pub partition_by: Option<(String, Vec<Expr>)>,
    /// `with (…)`, as written in lower case: `fillfactor=70`.
    pub options: Vec<String>,
    /// Where the list in parentheses is written; `None` when there is none.
    pub list_span: Option<Span>,
}

/// `like t including …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Like {
    /// The table whose columns are taken.
    pub table: Name,
    /// What comes along, in lower case (`indexes`, `constraints`, `defaults` …): `all` written out, `excluding` taken off.
    pub including: Vec<String>,
}

/// Which rows a partition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartitionBound {
    /// `default`.
    Default,
    /// `for values …`, as written.
    Values(Span),
}

/// `create table … as`, also `select … into` and `create materialized view` stand apart: see `create view`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTableAs {
    /// How long it lives.
    pub persistence: Persistence,
    /// `if not exists`.
    pub if_not_exists: bool,
    /// Its name.
    pub name: Name,
    /// The column names, where given.
    pub columns: Vec<Ident>,
    /// The query; `None` for `execute`.
    pub query: Option<Query>,
}

/// A column's definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Where it is written, whole.
    pub span: Span,
    /// Its name.
    pub name: Ident,
    /// Its type; `None` in a typed table or a partition.
    pub type_name: Option<TypeName>,
    /// Its constraints, defaults included, in order.
    pub constraints: Vec<ColumnConstraint>,
}

/// One constraint of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnConstraint {
    /// Where it is written, with `constraint name`.
    pub span: Span,
    /// `constraint name`.
    pub name: Option<Ident>,
    /// What.
    pub kind: ColumnConstraintKind,
}

/// What a column's constraint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnConstraintKind {
    /// `not null`.
    NotNull,
    /// `null`.
    Null,
    /// `default`.
    Default(Expr),
    /// `generated always as (…) stored`, or `virtual`.
    Generated {
        /// The expression.
        expr: Expr,
        /// `stored`; PostgreSQL 18's default is `virtual`.
        stored: bool,
    },
    /// `generated … as identity`.
    Identity(Identity),
    /// `primary key`.
    PrimaryKey,
    /// `unique`.
    Unique,
    /// `check`.
    Check {
        /// The condition.
        expr: Expr,
        /// `no inherit`.
        no_inherit: bool,
    },
    /// `references`.
    References(ForeignKey),
}

/// `generated always | by default as identity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// `always`.
    Always,
    /// `by default`.
    ByDefault,
}

/// What happens to the row that refers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferentialAction {
    /// `no action`.
    NoAction,
    /// `restrict`.
    Restrict,
    /// `cascade`.
    Cascade,
    /// `set null`.
    SetNull,
    /// `set default`.
    SetDefault,
}

/// `references t (…) on delete … `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// Where it is written, from `references`.
    pub span: Span,
    /// The table referred to.
    pub table: Name,
    /// Its columns; empty for the primary key.
    pub columns: Vec<Ident>,
    /// `on delete`; `None` when nothing is written.
    pub on_delete: Option<ReferentialAction>,
    /// `on update`; `None` when nothing is written.
    pub on_update: Option<ReferentialAction>,
}

/// A table constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableConstraint {
    /// Where it is written, with `constraint name`.
    pub span: Span,
    /// `constraint name`.
    pub name: Option<Ident>,
    /// What.
    pub kind: ConstraintKind,
    /// `not valid`.
    pub not_valid: bool,
    /// `not enforced` (PostgreSQL 18).
    pub not_enforced: bool,
}

/// What a table constraint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstraintKind {
    /// `primary key (…)`.
    PrimaryKey {
        /// The columns.
        columns: Vec<Ident>,
        /// `using index`.
        using_index: Option<Ident>,
    },
    /// `unique (…)`.
    Unique {
        /// The columns.
        columns: Vec<Ident>,
        /// `using index`.
        using_index: Option<Ident>,
        /// `nulls not distinct`.
        nulls_not_distinct: bool,
    },
    /// `foreign key (…) references …`.
    ForeignKey {
        /// The columns that refer.
        columns: Vec<Ident>,
        /// To what.
        reference: ForeignKey,
    },
    /// `check`.
    Check {
        /// The condition.
        expr: Expr,
        /// `no inherit`.
        no_inherit: bool,
    },
    /// `exclude`.
    Exclude {
        /// The elements' expressions.
        elements: Vec<Expr>,
    },
    /// `not null column` (PostgreSQL 18).
    NotNull(Ident),
}

/// What `alter table` is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `table`.
    Table,
    /// `foreign table`.
    ForeignTable,
    /// `view`.
    View,
    /// `materialized view`.
    MaterializedView,
    /// `index`.
    Index,
    /// `sequence`.
    Sequence,
    /// `type`: a composite type's attributes.
    Type,
}

/// `alter table | view | materialized view | index | sequence | foreign table …` and `alter type` of attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterTable {
    /// What the word after `alter` says.
    pub relation: Relation,
    /// `if exists`.
    pub if_exists: bool,
    /// `only`.
    pub only: bool,
    /// Which.
    pub name: Name,
    /// What is done, in order.
    pub actions: Vec<TableAction>,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableAction {
    /// Where it is written.
    pub span: Span,
    /// What.
    pub kind: TableActionKind,
}

/// What is done to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableActionKind {
    /// `add [column]`.
    AddColumn {
        /// `if not exists`.
        if_not_exists: bool,
        /// Where the column's definition is written: `column.span` too.
        column: Column,
    },
    /// `drop [column]`.
    DropColumn {
        /// `if exists`.
        if_exists: bool,
        /// Which.
        name: Ident,
        /// `cascade`.
        cascade: bool,
    },
    /// `alter [column]`.
    AlterColumn {
        /// Which.
        name: Ident,
        /// How.
        change: AlterColumn,
    },
    /// `add constraint`.
    AddConstraint(TableConstraint),
    /// `drop constraint`.
    DropConstraint {
        /// `if exists`.
        if_exists: bool,
        /// Which.
        name: Ident,
        /// `cascade`.
        cascade: bool,
    },
    /// `validate constraint`.
    ValidateConstraint(Ident),
    /// `alter constraint`.
    AlterConstraint(Ident),
    /// `rename to`.
    Rename(Ident),
    /// `rename [column] a to b`.
    RenameColumn {
        /// From.
        from: Ident,
        /// To.
        to: Ident,
    },
    /// `rename constraint a to b`.
    RenameConstraint {
        /// From.
        from: Ident,
        /// To.
        to: Ident,
    },
    /// `set schema`.
    SetSchema(Ident),
    /// `owner to`: the role as written.
    Owner(String),
    /// `enable`, `disable row level security`.
    RowSecurity(bool),
    /// `force`, `no force row level security`.
    ForceRowSecurity(bool),
    /// `enable … trigger` and `disable trigger`: which (`all`, `user` or a name).
    Trigger {
        /// Whether it is enabled, also `replica` and `always`.
        enable: bool,
        /// Which.
        name: String,
    },
    /// `attach partition`.
    AttachPartition {
        /// Which.
        table: Name,
        /// Its bound; `None` for an index.
        bound: Option<PartitionBound>,
    },
    /// `detach partition`.
    DetachPartition {
        /// Which.
        table: Name,
        /// `concurrently`.
        concurrently: bool,
        /// `finalize`.
        finalize: bool,
    },
    /// `inherit`, `no inherit`.
    Inherit {
        /// Which.
        table: Name,
        /// `inherit`.
        add: bool,
    },
    /// `set logged`, `set unlogged`.
    SetLogged(bool),
    /// `set tablespace`.
    SetTablespace(String),
    /// `set access method`.
    SetAccessMethod(String),
    /// `set (…)`: each as `name=value` in lower case.
    SetOptions(Vec<String>),
    /// `reset (…)`: the names.
    ResetOptions(Vec<String>),
    /// `replica identity`: `default`, `full`, `nothing` or the index's name.
    ReplicaIdentity(String),
    /// Any other action: its first two words in lower case.
    Other(String),
}

/// What is done to a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlterColumn {
    /// `type t [using …]`.
    Type {
        /// The new type.
        type_name: TypeName,
        /// `using`.
        using: Option<Expr>,
    },
    /// `set default`.
    SetDefault(Expr),
    /// `drop default`.
    DropDefault,
    /// `set not null`.
    SetNotNull,
    /// `drop not null`.
    DropNotNull,
    /// `add generated … as identity`.
    AddIdentity {
        /// `always` or `by default`.
        identity: Identity,
    },
    /// `drop identity [if exists]`.
    DropIdentity {
        /// `if exists`.
        if_exists: bool,
    },
    /// `drop expression [if exists]`.
    DropExpression {
        /// `if exists`.
        if_exists: bool,
    },
    /// `set expression as` (PostgreSQL 17).
    SetExpression(Expr),
    /// `set statistics`, `set (…)`, `reset (…)`: what the planner goes by.
    Planner,
    /// Storage, compression, the options of an identity …
    Other,
}

/// The kind of object that `alter` names, as an [`ObjectKind`].
impl From<Relation> for ObjectKind {
    fn from(relation: Relation) -> Self {
        match relation {
            Relation::Table => Self::Table,
            Relation::ForeignTable => Self::ForeignTable,
            Relation::View => Self::View,
            Relation::MaterializedView => Self::MaterializedView,
            Relation::Index => Self::Index,
            Relation::Sequence => Self::Sequence,
            Relation::Type => Self::Type,
        }
    }
}
