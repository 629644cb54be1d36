//! Queries and the statements that read and write rows.

use super::{Expr, Ident, Name};
use crate::text::Span;

/// A query: `with … select … order by …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Where it is written, without enclosing parentheses.
    pub span: Span,
    /// `with`.
    pub ctes: Vec<Cte>,
    /// What it selects.
    pub body: QueryBody,
    /// `order by`, in order.
    pub order_by: Vec<Expr>,
    /// `limit`, `offset` and `fetch`.
    pub limit: Vec<Expr>,
    /// Whether it has a locking clause (`for update`).
    pub locking: bool,
}

/// One query of `with`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cte {
    /// Its name.
    pub name: Ident,
    /// What it is; an `insert`, `update` or `delete` is kept as a statement.
    pub statement: Box<super::Stmt>,
}

/// The body of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryBody {
    /// `select`.
    Select(Box<Select>),
    /// `values (…), (…)`: the rows. `table t` is a `Select` of `*`.
    Values(Vec<Vec<Expr>>),
    /// Two queries put together.
    Set {
        /// How.
        op: SetOperation,
        /// The left query.
        left: Box<Query>,
        /// The right query.
        right: Box<Query>,
    },
}

/// How two queries are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOperation {
    /// `union`, `union all`.
    Union,
    /// `intersect`.
    Intersect,
    /// `except`.
    Except,
}

/// One `select`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// `distinct` or `distinct on`.
    pub distinct: bool,
    /// What is selected.
    pub targets: Vec<Target>,
    /// `select … into t` (SQL, not plpgsql's variables).
    pub into: Option<Name>,
    /// `from`.
    pub from: Vec<FromItem>,
    /// `where`.
    pub filter: Option<Expr>,
    /// `group by`.
    pub group_by: Vec<Expr>,
    /// `having`.
    pub having: Option<Expr>,
}

/// One entry of the select list or of `returning`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What.
    pub expr: Expr,
    /// `as name`.
    pub alias: Option<Ident>,
}

/// One entry of `from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromItem {
    /// Where it is written.
    pub span: Span,
    /// What it is.
    pub kind: FromKind,
    /// `as name`.
    pub alias: Option<Ident>,
}

/// What `from` reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FromKind {
    /// A table, view or the name of a common table expression.
    Relation(Name),
    /// A query in parentheses.
    Query(Box<Query>),
    /// A function, as a call.
    Function(Expr),
    /// A join: both sides and the condition; for `using (…)` no condition.
    Join {
        /// The left side.
        left: Box<FromItem>,
        /// The right side.
        right: Box<FromItem>,
        /// `on`.
        on: Option<Expr>,
    },
    /// Anything else: `xmltable`, `json_table` …
    Other,
}

/// `insert`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insert {
    /// `with`.
    pub ctes: Vec<Cte>,
    /// Into what.
    pub table: Name,
    /// `as name`.
    pub alias: Option<Ident>,
    /// The columns; empty when none are named.
    pub columns: Vec<Ident>,
    /// What.
    pub source: InsertSource,
    /// `on conflict`.
    pub conflict: Option<Conflict>,
    /// `returning`.
    pub returning: Vec<Target>,
}

/// What is inserted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsertSource {
    /// `default values`.
    Defaults,
    /// `values` or a query.
    Query(Box<Query>),
}

/// `on conflict`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Where it is written.
    pub span: Span,
    /// The columns of the target, where it names plain columns.
    pub columns: Vec<Ident>,
    /// The assignments of `do update set`; `None` for `do nothing`.
    pub update: Option<Vec<Assignment>>,
}

/// `column = value`, also one of several in `(a, b) = (…)` (then the value is the whole right side).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Where it is written.
    pub span: Span,
    /// The column.
    pub column: Ident,
    /// The value; `None` for `default`.
    pub value: Option<Expr>,
    /// Whether only a field or an element of the column is set.
    pub part: bool,
}

/// `update`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// `with`.
    pub ctes: Vec<Cte>,
    /// What.
    pub table: Name,
    /// `as name`.
    pub alias: Option<Ident>,
    /// `set`.
    pub set: Vec<Assignment>,
    /// `from`.
    pub from: Vec<FromItem>,
    /// `where`.
    pub filter: Option<Expr>,
    /// `where current of`.
    pub current_of: bool,
    /// `returning`.
    pub returning: Vec<Target>,
}

/// `delete`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delete {
    /// `with`.
    pub ctes: Vec<Cte>,
    /// From what.
    pub table: Name,
    /// `as name`.
    pub alias: Option<Ident>,
    /// `using`.
    pub using: Vec<FromItem>,
    /// `where`.
    pub filter: Option<Expr>,
    /// `where current of`.
    pub current_of: bool,
    /// `returning`.
    pub returning: Vec<Target>,
}

/// `merge`: the table, the source and every expression in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// `with`.
    pub ctes: Vec<Cte>,
    /// Into what.
    pub table: Name,
    /// `using`.
    pub using: Option<FromItem>,
    /// `on` and what the branches compute.
    pub exprs: Vec<Expr>,
}

/// `copy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// The table; `None` for a query.
    pub table: Option<Name>,
    /// `from`: rows come in.
    pub from: bool,
    /// The statement in parentheses whose rows go out, which may be one that changes rows.
    pub query: Option<Box<super::Stmt>>,
}
