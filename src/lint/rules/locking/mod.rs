//! Locks, rewrites and scans.

mod add_column_required;
mod add_column_serial;
mod add_column_stored_generated;
mod add_column_volatile_default;
mod altered;
mod change_column_type;
mod change_type_using_other_column;
mod check_not_valid;
mod concurrent_index_create;
mod concurrent_index_drop;
mod concurrent_index_mixed;
mod concurrent_reindex;
mod concurrently_in_transaction;
mod concurrently_on_partitioned;
mod constraint_never_validated;
mod exclusion_constraint;
mod fk_not_valid;
mod index_under_exclusive_lock;
mod invalid_index_retry;
mod own_file;
mod partition_attach_scan;
mod partition_bound;
mod partition_default_scan;
mod partition_detach_concurrent;
mod pk_using_index_nullable;
mod primary_key_index;
mod refresh_matview;
mod set_not_null_scan;
mod transaction;
mod type_change;
mod unique_constraint_index;
mod using_index;
mod validate_same_transaction;
mod volatile;

use crate::lint::Rule;

/// The rules of this group, sorted by id.
pub(super) static RULES: &[&Rule] = &[
    &add_column_required::RULE,
    &add_column_serial::RULE,
    &add_column_stored_generated::RULE,
    &add_column_volatile_default::RULE,
    &change_column_type::RULE,
    &change_type_using_other_column::RULE,
    &check_not_valid::RULE,
    &concurrent_index_create::RULE,
    &concurrent_index_drop::RULE,
    &concurrent_index_mixed::RULE,
    &concurrent_reindex::RULE,
    &concurrently_in_transaction::RULE,
    &concurrently_on_partitioned::RULE,
    &constraint_never_validated::RULE,
    &exclusion_constraint::RULE,
    &fk_not_valid::RULE,
    &index_under_exclusive_lock::RULE,
    &invalid_index_retry::RULE,
    &partition_attach_scan::RULE,
    &partition_default_scan::RULE,
    &partition_detach_concurrent::RULE,
    &pk_using_index_nullable::RULE,
    &primary_key_index::RULE,
    &refresh_matview::RULE,
    &set_not_null_scan::RULE,
    &unique_constraint_index::RULE,
    &validate_same_transaction::RULE,
];
