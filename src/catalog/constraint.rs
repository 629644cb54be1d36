//! Constraints of tables, foreign tables and domains.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Options;

/// A constraint: <https://www.postgresql.org/docs/18/catalog-pg-constraint.html>. That a column is `not null` belongs to the column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "as many as the catalog has")]
pub struct Constraint {
    /// What it is.
    pub what: ConstraintType,
    /// What follows its name: `CHECK ((a > 0)) NOT VALID`.
    pub definition: String,
    /// The columns it is about, by name.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Whether existing rows were looked at.
    pub validated: bool,
    /// `DEFERRABLE`.
    #[serde(default)]
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    #[serde(default)]
    pub deferred: bool,
    /// `NOT ENFORCED`, from PostgreSQL 18 on.
    #[serde(default)]
    pub not_enforced: bool,
    /// Whether it is a constraint of this table itself, and not only there because a parent has it.
    pub local: bool,
    /// The constraint of a partitioned table that it is a part of and goes with: schema, table and name.
    #[serde(default)]
    pub of_parent: Option<(String, String, String)>,
    /// The table that a foreign key refers to: schema and name.
    #[serde(default)]
    pub references: Option<(String, String)>,
    /// Storage parameters of its index.
    #[serde(default)]
    pub options: Options,
    /// The tablespace of its index, where that is not the database's.
    #[serde(default)]
    pub tablespace: Option<String>,
    /// Statistics targets of its index's columns, by number from 1.
    #[serde(default)]
    pub statistics: BTreeMap<u32, i32>,
    /// The comment on its index, which is another than its own.
    #[serde(default)]
    pub index_comment: Option<String>,
    /// Whether its domain is what it constrains.
    #[serde(default)]
    pub of_domain: bool,
}

/// What a constraint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConstraintType {
    /// `PRIMARY KEY`.
    Primary,
    /// `UNIQUE`.
    Unique,
    /// `EXCLUDE`.
    Exclusion,
    /// `CHECK`.
    Check,
    /// `FOREIGN KEY`.
    Foreign,
    /// `CREATE CONSTRAINT TRIGGER` keeps one, which its trigger is.
    Trigger,
    /// `NOT NULL` of a domain.
    NotNull,
}

impl ConstraintType {
    /// Whether such a constraint keeps an index of its name.
    pub fn has_index(self) -> bool {
        matches!(self, Self::Primary | Self::Unique | Self::Exclusion)
    }
}

impl Constraint {
    /// Whether it can stand in the statement that makes its table.
    ///
    /// Foreign keys come by themselves, so that tables that refer to each other stand in no circle. What has an index
    /// comes by itself too, as a partition gets its own and attaches it, and so does what was never validated.
    /// A partition has all checks of its own before it is attached: `of_partition`.
    pub fn is_inline(&self, of_partition: bool) -> bool {
        self.what == ConstraintType::Check && (self.local || of_partition) && self.validated
    }
}
