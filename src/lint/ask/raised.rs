//! What PostgreSQL raises when a thing is there already, or is not there: measured on version 15.

use super::effect::Kind;
use crate::sql::ast::{ConstraintKind, ObjectKind};

/// A condition as plpgsql names it, and its SQLSTATE.
type Condition = (&'static str, &'static str);

const DUPLICATE_OBJECT: Condition = ("duplicate_object", "42710");
const DUPLICATE_TABLE: Condition = ("duplicate_table", "42P07");
const DUPLICATE_COLUMN: Condition = ("duplicate_column", "42701");
const DUPLICATE_FUNCTION: Condition = ("duplicate_function", "42723");
const DUPLICATE_SCHEMA: Condition = ("duplicate_schema", "42P06");
const DUPLICATE_DATABASE: Condition = ("duplicate_database", "42P04");
const UNIQUE_VIOLATION: Condition = ("unique_violation", "23505");
const INVALID_TABLE_DEFINITION: Condition = ("invalid_table_definition", "42P16");
const WRONG_OBJECT_TYPE: Condition = ("wrong_object_type", "42809");
const NOT_IN_STATE: Condition = ("object_not_in_prerequisite_state", "55000");
const UNDEFINED_TABLE: Condition = ("undefined_table", "42P01");
const UNDEFINED_COLUMN: Condition = ("undefined_column", "42703");
const UNDEFINED_FUNCTION: Condition = ("undefined_function", "42883");
const UNDEFINED_OBJECT: Condition = ("undefined_object", "42704");
const INVALID_SCHEMA_NAME: Condition = ("invalid_schema_name", "3F000");
const INVALID_CATALOG_NAME: Condition = ("invalid_catalog_name", "3D000");
const INVALID_PARAMETER_VALUE: Condition = ("invalid_parameter_value", "22023");

/// What is raised when a thing of this kind is made and there already.
pub fn when_there(kind: Kind) -> Vec<Condition> {
    vec![match kind {
        Kind::Object(object) => match object {
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence => DUPLICATE_TABLE,
            ObjectKind::Column => DUPLICATE_COLUMN,
            ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Aggregate
            | ObjectKind::Routine
            | ObjectKind::Operator => DUPLICATE_FUNCTION,
            ObjectKind::Schema => DUPLICATE_SCHEMA,
            ObjectKind::Database => DUPLICATE_DATABASE,
            ObjectKind::TextSearchConfiguration
            | ObjectKind::TextSearchDictionary
            | ObjectKind::TextSearchParser
            | ObjectKind::TextSearchTemplate => UNIQUE_VIOLATION,
            _ => DUPLICATE_OBJECT,
        },
        Kind::Label | Kind::Member => DUPLICATE_OBJECT,
        Kind::Attachment => return vec![WRONG_OBJECT_TYPE, DUPLICATE_TABLE],
        Kind::Identity | Kind::Generation => NOT_IN_STATE,
    }]
}

/// What is raised when a constraint like this is added and there already. A second primary key is another error, and the index of
/// a unique constraint is what is there first.
pub fn when_constrained(kind: &ConstraintKind) -> Vec<Condition> {
    match kind {
        ConstraintKind::PrimaryKey { .. } => vec![INVALID_TABLE_DEFINITION],
        ConstraintKind::Unique { using_index: Some(_), .. } => vec![UNDEFINED_OBJECT, DUPLICATE_TABLE],
        ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. } => vec![DUPLICATE_TABLE],
        ConstraintKind::ForeignKey { .. } | ConstraintKind::Check { .. } | ConstraintKind::NotNull(_) => {
            vec![DUPLICATE_OBJECT]
        }
    }
}

/// What is raised when a thing of this kind is dropped, renamed or moved, and is not there.
pub fn when_missing(kind: Kind) -> Vec<Condition> {
    vec![match kind {
        Kind::Object(object) => match object {
            // `drop index` and `drop foreign table` say it in another way than `alter` does.
            ObjectKind::Index | ObjectKind::ForeignTable => return vec![UNDEFINED_OBJECT, UNDEFINED_TABLE],
            ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Sequence => {
                UNDEFINED_TABLE
            }
            ObjectKind::Column => UNDEFINED_COLUMN,
            ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Aggregate
            | ObjectKind::Routine
            | ObjectKind::Operator => UNDEFINED_FUNCTION,
            ObjectKind::Schema => INVALID_SCHEMA_NAME,
            ObjectKind::Database => INVALID_CATALOG_NAME,
            _ => UNDEFINED_OBJECT,
        },
        Kind::Label => INVALID_PARAMETER_VALUE,
        Kind::Attachment => UNDEFINED_TABLE,
        Kind::Identity | Kind::Generation => NOT_IN_STATE,
        Kind::Member => UNDEFINED_OBJECT,
    }]
}

/// What is raised when a row is inserted a second time.
pub fn when_inserted() -> Vec<Condition> {
    vec![UNIQUE_VIOLATION]
}

/// Whether a handler for these conditions catches one of those raised: by name, by SQLSTATE, or as one of `others`. A class name
/// that ends in `000` catches its whole class.
pub fn catches(conditions: &[String], raised: &[Condition]) -> bool {
    conditions.iter().any(|condition| {
        condition == "others"
            || raised.iter().any(|(name, state)| {
                condition == name
                    || condition.eq_ignore_ascii_case(state)
                    || condition.strip_suffix("000").is_some_and(|class| class.len() == 2 && state.starts_with(class))
                    || (condition == "integrity_constraint_violation" && state.starts_with("23"))
                    || (condition == "syntax_error_or_access_rule_violation" && state.starts_with("42"))
            })
    })
}
