//! What fails when it runs.

mod comment_function_signature;
mod duplicate_assignment;
mod duplicate_object;
mod dynamic_sql_opaque;
mod enum_value_ordering;
mod enum_value_used_same_tx;
mod extra_statement_limits;
mod fk_target_not_unique;
mod fk_type_mismatch;
mod identifier_too_long;
mod ine_masks_drift;
mod line;
mod object;
mod plpgsql_body_error;
mod psql;
mod psql_meta_command;
mod self_assignment;
mod syntax_error;
mod transaction_nesting;
mod types;
mod uncommitted_transaction;
mod unknown_object;
mod wants;

use crate::lint::Rule;

/// The rules of this group, sorted by id.
pub(super) static RULES: &[&Rule] = &[
    &comment_function_signature::RULE,
    &duplicate_assignment::RULE,
    &duplicate_object::RULE,
    &dynamic_sql_opaque::RULE,
    &enum_value_ordering::RULE,
    &enum_value_used_same_tx::RULE,
    &extra_statement_limits::RULE,
    &fk_target_not_unique::RULE,
    &fk_type_mismatch::RULE,
    &identifier_too_long::RULE,
    &ine_masks_drift::RULE,
    &plpgsql_body_error::RULE,
    &psql_meta_command::RULE,
    &self_assignment::RULE,
    &syntax_error::RULE,
    &transaction_nesting::RULE,
    &uncommitted_transaction::RULE,
    &unknown_object::RULE,
];
