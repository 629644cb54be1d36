//! Columns of tables, foreign tables, views and composite types, and their defaults.

use serde::{Deserialize, Serialize};

use super::{Options, SequenceOptions};

/// A column: <https://www.postgresql.org/docs/18/catalog-pg-attribute.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Column {
    /// Its place among the columns, from 1; dropped columns do not count.
    pub position: u32,
    /// Its type, as SQL.
    pub data_type: String,
    /// Its collation as SQL, where that is not its type's.
    pub collation: Option<String>,
    /// Whether it is `not null`; in PostgreSQL 18 that has a name.
    pub not_null: Option<NotNull>,
    /// How it numbers itself.
    pub identity: Option<Identity>,
    /// What it is computed from.
    pub generated: Option<Generated>,
    /// `PLAIN`, `EXTERNAL`, `EXTENDED` or `MAIN`, where that is not its type's.
    pub storage: Option<String>,
    /// Its type's, where its own is another: PostgreSQL has no word for going back to it before version 16.
    pub type_storage: Option<String>,
    /// `pglz` or `lz4`, where that was said.
    pub compression: Option<String>,
    /// The statistics target, where that was said.
    pub statistics: Option<i32>,
    /// `n_distinct` and its like.
    pub options: Options,
    /// Options of a foreign table's column.
    pub foreign_options: Options,
    /// Whether it is there only because a parent table has it.
    pub inherited: bool,
}

/// That a column is `not null`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct NotNull {
    /// The constraint's name, from PostgreSQL 18 on, where it is not the one that PostgreSQL would choose.
    pub name: Option<String>,
    /// Whether child tables do not inherit it.
    pub no_inherit: bool,
    /// Whether existing rows were not looked at.
    pub not_valid: bool,
    /// Whether it is there only because a parent table has it.
    pub inherited: bool,
    /// What is said of the constraint.
    pub comment: Option<String>,
}

/// How a column numbers itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Whether `always`, and not only `by default`.
    pub always: bool,
    /// The schema and name of its sequence.
    pub sequence: (String, String),
    /// Its sequence.
    pub options: SequenceOptions,
}

/// What a column is computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generated {
    /// The expression.
    pub expression: String,
    /// Whether it is stored, or computed when it is read (from PostgreSQL 18 on).
    pub stored: bool,
}

/// A column's default, an object of its own: it may need what needs the table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Default {
    /// The expression.
    pub expression: String,
}
