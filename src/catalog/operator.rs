//! Operators, operator families and operator classes.

use serde::{Deserialize, Serialize};

/// An operator: <https://www.postgresql.org/docs/18/sql-createoperator.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Operator {
    /// The type on its left; none of a prefix operator.
    pub left: Option<String>,
    /// The type on its right.
    pub right: String,
    /// Its function.
    pub function: String,
    /// The operator with its operands swapped.
    pub commutator: Option<OperatorLink>,
    /// The operator that gives the opposite.
    pub negator: Option<OperatorLink>,
    /// The function that estimates how many rows it selects.
    pub restrict: Option<String>,
    /// The function that estimates how many rows it joins.
    pub join: Option<String>,
    /// Whether it can be hashed.
    pub hashes: bool,
    /// Whether it can be merged.
    pub merges: bool,
}

/// Another operator that an operator refers to; its operands follow from this one's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorLink {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Whether it is only referred to, and not yet made.
    pub shell: bool,
}

/// An operator family: <https://www.postgresql.org/docs/18/sql-createopfamily.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OperatorFamily {
    /// The operators that belong to no class.
    pub operators: Vec<OperatorMember>,
    /// The functions that belong to no class.
    pub functions: Vec<FunctionMember>,
}

/// An operator class: <https://www.postgresql.org/docs/18/sql-createopclass.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct OperatorClass {
    /// The schema and name of its family.
    pub family: (String, String),
    /// Whether it is the default for its type.
    pub default: bool,
    /// The type of column it is for.
    pub data_type: String,
    /// The type that the index holds, where that is another one.
    pub storage: Option<String>,
    /// Its operators.
    pub operators: Vec<OperatorMember>,
    /// Its functions.
    pub functions: Vec<FunctionMember>,
}

/// An operator that an index can use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct OperatorMember {
    /// The strategy's number.
    pub number: u32,
    /// The type on its left.
    pub left: String,
    /// The type on its right.
    pub right: String,
    /// The operator with its operands' types, as SQL.
    pub operator: String,
    /// The family that sorts what it gives, for an operator that orders.
    pub order_by: Option<String>,
}

/// A function that an access method asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FunctionMember {
    /// The support function's number.
    pub number: u32,
    /// The type on the left that it is for.
    pub left: String,
    /// The type on the right that it is for.
    pub right: String,
    /// The function with its arguments' types, as SQL.
    pub function: String,
}
