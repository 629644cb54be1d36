//! Data that goes and clients that break.

mod disable_trigger;
mod drop_cascade;
mod drop_column;
mod drop_constraint;
mod drop_database;
mod drop_default;
mod drop_domain;
mod drop_extension;
mod drop_function;
mod drop_generated;
mod drop_index;
mod drop_not_null;
mod drop_policy;
mod drop_schema;
mod drop_sequence;
mod drop_table;
mod drop_trigger;
mod drop_type;
mod drop_view;
mod enum_create;
mod gone;
mod rename_column;
mod rename_enum_value;
mod rename_object;
mod rename_schema;
mod rename_table;
mod replace_signature_change;
mod replica_identity;
mod revoke;
mod rewrite_breaks_dependants;
mod set_default;
mod set_schema;
mod view_column_change;

use crate::lint::Rule;

/// The rules of this group, sorted by id.
pub(super) static RULES: &[&Rule] = &[
    &disable_trigger::RULE,
    &drop_cascade::RULE,
    &drop_column::RULE,
    &drop_constraint::RULE,
    &drop_database::RULE,
    &drop_default::RULE,
    &drop_domain::RULE,
    &drop_extension::RULE,
    &drop_function::RULE,
    &drop_generated::RULE,
    &drop_index::RULE,
    &drop_not_null::RULE,
    &drop_policy::RULE,
    &drop_schema::RULE,
    &drop_sequence::RULE,
    &drop_table::RULE,
    &drop_trigger::RULE,
    &drop_type::RULE,
    &drop_view::RULE,
    &enum_create::RULE,
    &rename_column::RULE,
    &rename_enum_value::RULE,
    &rename_object::RULE,
    &rename_schema::RULE,
    &rename_table::RULE,
    &replace_signature_change::RULE,
    &replica_identity::RULE,
    &revoke::RULE,
    &rewrite_breaks_dependants::RULE,
    &set_default::RULE,
    &set_schema::RULE,
    &view_column_change::RULE,
];
