//! What fails when it runs twice.

mod absent;
mod altering;
mod create;
mod dropping;
mod edit;
mod guard_mismatch;
mod guard_swallows_all;
mod idempotent_access_method;
mod idempotent_add_column;
mod idempotent_aggregate;
mod idempotent_attach;
mod idempotent_cast;
mod idempotent_collation;
mod idempotent_constraint;
mod idempotent_conversion;
mod idempotent_create_extension;
mod idempotent_create_index;
mod idempotent_create_matview;
mod idempotent_create_schema;
mod idempotent_create_sequence;
mod idempotent_create_table;
mod idempotent_database;
mod idempotent_domain;
mod idempotent_drop_access_method;
mod idempotent_drop_aggregate;
mod idempotent_drop_cast;
mod idempotent_drop_collation;
mod idempotent_drop_column;
mod idempotent_drop_constraint;
mod idempotent_drop_conversion;
mod idempotent_drop_database;
mod idempotent_drop_domain;
mod idempotent_drop_event_trigger;
mod idempotent_drop_extension;
mod idempotent_drop_foreign_data_wrapper;
mod idempotent_drop_function;
mod idempotent_drop_index;
mod idempotent_drop_language;
mod idempotent_drop_matview;
mod idempotent_drop_operator;
mod idempotent_drop_policy;
mod idempotent_drop_procedure;
mod idempotent_drop_publication;
mod idempotent_drop_role;
mod idempotent_drop_rule;
mod idempotent_drop_schema;
mod idempotent_drop_sequence;
mod idempotent_drop_server;
mod idempotent_drop_statistics;
mod idempotent_drop_subscription;
mod idempotent_drop_table;
mod idempotent_drop_transform;
mod idempotent_drop_trigger;
mod idempotent_drop_ts_config;
mod idempotent_drop_type;
mod idempotent_drop_user_mapping;
mod idempotent_drop_view;
mod idempotent_enum_value;
mod idempotent_event_trigger;
mod idempotent_foreign_data_wrapper;
mod idempotent_function;
mod idempotent_insert;
mod idempotent_language;
mod idempotent_operator;
mod idempotent_policy;
mod idempotent_procedure;
mod idempotent_publication;
mod idempotent_publication_table;
mod idempotent_rename;
mod idempotent_role;
mod idempotent_rule;
mod idempotent_server;
mod idempotent_set;
mod idempotent_statistics;
mod idempotent_subscription;
mod idempotent_transform;
mod idempotent_trigger;
mod idempotent_ts_config;
mod idempotent_type;
mod idempotent_user_mapping;
mod idempotent_view;
mod judge;
#[cfg(test)]
mod tests;

use crate::lint::Rule;

/// The rules of this group, sorted by id.
pub(super) static RULES: &[&Rule] = &[
    &guard_mismatch::RULE,
    &guard_swallows_all::RULE,
    &idempotent_access_method::RULE,
    &idempotent_add_column::RULE,
    &idempotent_aggregate::RULE,
    &idempotent_attach::RULE,
    &idempotent_cast::RULE,
    &idempotent_collation::RULE,
    &idempotent_constraint::RULE,
    &idempotent_conversion::RULE,
    &idempotent_create_extension::RULE,
    &idempotent_create_index::RULE,
    &idempotent_create_matview::RULE,
    &idempotent_create_schema::RULE,
    &idempotent_create_sequence::RULE,
    &idempotent_create_table::RULE,
    &idempotent_database::RULE,
    &idempotent_domain::RULE,
    &idempotent_drop_access_method::RULE,
    &idempotent_drop_aggregate::RULE,
    &idempotent_drop_cast::RULE,
    &idempotent_drop_collation::RULE,
    &idempotent_drop_column::RULE,
    &idempotent_drop_constraint::RULE,
    &idempotent_drop_conversion::RULE,
    &idempotent_drop_database::RULE,
    &idempotent_drop_domain::RULE,
    &idempotent_drop_event_trigger::RULE,
    &idempotent_drop_extension::RULE,
    &idempotent_drop_foreign_data_wrapper::RULE,
    &idempotent_drop_function::RULE,
    &idempotent_drop_index::RULE,
    &idempotent_drop_language::RULE,
    &idempotent_drop_matview::RULE,
    &idempotent_drop_operator::RULE,
    &idempotent_drop_policy::RULE,
    &idempotent_drop_procedure::RULE,
    &idempotent_drop_publication::RULE,
    &idempotent_drop_role::RULE,
    &idempotent_drop_rule::RULE,
    &idempotent_drop_schema::RULE,
    &idempotent_drop_sequence::RULE,
    &idempotent_drop_server::RULE,
    &idempotent_drop_statistics::RULE,
    &idempotent_drop_subscription::RULE,
    &idempotent_drop_table::RULE,
    &idempotent_drop_transform::RULE,
    &idempotent_drop_trigger::RULE,
    &idempotent_drop_ts_config::RULE,
    &idempotent_drop_type::RULE,
    &idempotent_drop_user_mapping::RULE,
    &idempotent_drop_view::RULE,
    &idempotent_enum_value::RULE,
    &idempotent_event_trigger::RULE,
    &idempotent_foreign_data_wrapper::RULE,
    &idempotent_function::RULE,
    &idempotent_insert::RULE,
    &idempotent_language::RULE,
    &idempotent_operator::RULE,
    &idempotent_policy::RULE,
    &idempotent_procedure::RULE,
    &idempotent_publication::RULE,
    &idempotent_publication_table::RULE,
    &idempotent_rename::RULE,
    &idempotent_role::RULE,
    &idempotent_rule::RULE,
    &idempotent_server::RULE,
    &idempotent_set::RULE,
    &idempotent_statistics::RULE,
    &idempotent_subscription::RULE,
    &idempotent_transform::RULE,
    &idempotent_trigger::RULE,
    &idempotent_ts_config::RULE,
    &idempotent_type::RULE,
    &idempotent_user_mapping::RULE,
    &idempotent_view::RULE,
];
