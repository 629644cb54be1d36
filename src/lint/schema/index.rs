//! Indexes.

use super::{Place, QName};
use crate::sql::ast::Expr;

/// An index.
#[derive(Debug, Clone)]
pub struct Index {
    /// Its name: the written one, or the one that PostgreSQL makes up.
    pub name: QName,
    /// On which table.
    pub table: QName,
    /// What is indexed, in order.
    pub keys: Vec<IndexKey>,
    /// `include`.
    pub include: Vec<String>,
    /// Whether it is unique; so for those of a primary key or unique constraint.
    pub unique: bool,
    /// `where`.
    pub filter: Option<Expr>,
    /// `using`: `btree`, `gin` …
    pub method: String,
    /// The constraint it belongs to.
    pub constraint: Option<String>,
    /// Built with `concurrently`.
    pub concurrently: bool,
    /// `only` on a partitioned table: invalid until all partitions have theirs.
    pub only: bool,
    /// Of which partitioned table's index it is a part.
    pub parent: Option<QName>,
    /// Where it was created.
    pub created: Place,
}

/// What an index orders by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexKey {
    /// A column.
    Column(String),
    /// An expression.
    Expr(Expr),
}

impl Index {
    /// The leading plain columns, up to the first expression.
    pub fn leading_columns(&self) -> Vec<&str> {
        self.keys
            .iter()
            .map_while(|key| match key {
                IndexKey::Column(name) => Some(name.as_str()),
                IndexKey::Expr(_) => None,
            })
            .collect()
    }

    /// Whether a lookup by all of these columns can use it: they are its first columns in any order, and it has no `where`.
    pub fn covers(&self, columns: &[String]) -> bool {
        let leading = self.leading_columns();
        self.filter.is_none()
            && !columns.is_empty()
            && leading.len() >= columns.len()
            && leading[..columns.len()].iter().all(|column| columns.iter().any(|wanted| wanted == column))
    }
}
