//! Indexes and views.

use super::{Expr, Ident, Name, Query};
use crate::text::Span;

/// `create index`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement")]
pub struct CreateIndex {
    /// `unique`.
    pub unique: bool,
    /// Where `index` is written, the word: `concurrently` belongs after it.
    pub keyword: Span,
    /// `concurrently`.
    pub concurrently: bool,
    /// `if not exists`.
    pub if_not_exists: bool,
    /// Its name; PostgreSQL makes one up when none is written.
    pub name: Option<Ident>,
    /// `only`.
    pub only: bool,
    /// On which table.
    pub table: Name,
    /// `using`; `btree` when nothing is written.
    pub method: String,
    /// What is indexed.
    pub elements: Vec<IndexElement>,
    /// `include`.
    pub include: Vec<Ident>,
    /// `nulls not distinct`.
    pub nulls_not_distinct: bool,
    /// `where`.
    pub filter: Option<Expr>,
}

/// One column or expression of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexElement {
    /// What, without `collate`: a bare column is `ExprKind::Column` with one part.
    pub expr: Expr,
    /// `collate`.
    pub collation: Option<Name>,
    /// The operator class.
    pub opclass: Option<Name>,
    /// `desc`.
    pub descending: bool,
    /// Whether nulls come first: what is written, else as `desc` says.
    pub nulls_first: bool,
}

/// `create view`, `create materialized view`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement")]
pub struct CreateView {
    /// `materialized`.
    pub materialized: bool,
    /// `or replace`.
    pub or_replace: bool,
    /// `if not exists` (materialised views only).
    pub if_not_exists: bool,
    /// `temp`.
    pub temporary: bool,
    /// `recursive`.
    pub recursive: bool,
    /// Its name.
    pub name: Name,
    /// The column names, where given.
    pub columns: Vec<Ident>,
    /// `with (…)`: each as `name=value` or `name`, in lower case.
    pub options: Vec<String>,
    /// Where `with (…)` is written.
    pub options_span: Option<Span>,
    /// The query.
    pub query: Query,
    /// Where `as` is written: `with (…)` belongs before it.
    pub as_span: Span,
    /// `with no data`.
    pub no_data: bool,
}
