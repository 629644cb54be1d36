//! Locks, rewrites and scans.

mod add_column_required;
mod add_column_serial;
mod add_column_stored_generated;
mod add_column_volatile_default;
mod alter_database;
mod alter_role_set;
mod alter_system;
mod backfill_in_ddl;
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
mod ctas_select_into;
mod delete_without_where;
mod domain_constraint;
mod exclusion_constraint;
mod fk_not_valid;
mod index_under_exclusive_lock;
mod invalid_index_retry;
mod lock_table;
mod lock_timeout;
mod merge_alter_table;
mod multi_fk_one_transaction;
mod own_file;
mod partition_attach_scan;
mod partition_default_scan;
mod partition_detach_concurrent;
mod pk_using_index_nullable;
mod primary_key_index;
mod refresh_matview;
mod row_writes;
mod set_logged_tablespace_am;
mod set_not_null_scan;
mod statement_after_exclusive;
mod statement_timeout;
mod timeout_bad_value;
mod trigger_lock;
mod truncate;
mod truncate_cascade;
mod unique_constraint_index;
mod update_without_where;
mod using_index;
mod vacuum_full_cluster;
mod validate_same_transaction;
mod wide_lock_window;

use crate::lint::Rule;

/// The rules of this group, sorted by id.
pub(super) static RULES: &[&Rule] = &[
    &add_column_required::RULE,
    &add_column_serial::RULE,
    &add_column_stored_generated::RULE,
    &add_column_volatile_default::RULE,
    &alter_database::RULE,
    &alter_role_set::RULE,
    &alter_system::RULE,
    &backfill_in_ddl::RULE,
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
    &ctas_select_into::RULE,
    &delete_without_where::RULE,
    &domain_constraint::RULE,
    &exclusion_constraint::RULE,
    &fk_not_valid::RULE,
    &index_under_exclusive_lock::RULE,
    &invalid_index_retry::RULE,
    &lock_table::RULE,
    &lock_timeout::RULE,
    &merge_alter_table::RULE,
    &multi_fk_one_transaction::RULE,
    &partition_attach_scan::RULE,
    &partition_default_scan::RULE,
    &partition_detach_concurrent::RULE,
    &pk_using_index_nullable::RULE,
    &primary_key_index::RULE,
    &refresh_matview::RULE,
    &set_logged_tablespace_am::RULE,
    &set_not_null_scan::RULE,
    &statement_after_exclusive::RULE,
    &statement_timeout::RULE,
    &timeout_bad_value::RULE,
    &trigger_lock::RULE,
    &truncate::RULE,
    &truncate_cascade::RULE,
    &unique_constraint_index::RULE,
    &update_without_where::RULE,
    &vacuum_full_cluster::RULE,
    &validate_same_transaction::RULE,
    &wide_lock_window::RULE,
];
