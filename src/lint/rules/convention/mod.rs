//! Conventions of a schema.

mod audit_columns;
mod cascade_delete;
mod comment_required_column;
mod comment_required_function;
mod comment_required_table;
mod duplicate_index;
mod exprs;
mod fk_index;
mod fk_on_delete_explicit;
mod foreign_keys;
mod index_too_many_columns;
mod index_too_many_per_table;
mod indexes;
mod limit;
mod naming;
mod naming_case;
mod naming_check;
mod naming_fk;
mod naming_index;
mod naming_keyword;
mod naming_pg_prefix;
mod naming_plural;
mod naming_suffix;
mod naming_unique;
mod no_char;
mod no_float_money;
mod no_inheritance;
mod no_money;
mod no_multi_col_partition;
mod no_rules;
mod no_timetz;
mod no_typed_table;
mod no_unlogged;
mod no_xml_hstore;
mod not_in_subquery;
mod null_comparison;
mod nullable_boolean;
mod order_by_ordinal;
mod org_id;
mod org_id_policy;
mod prefer_bigint;
mod prefer_identity;
mod prefer_jsonb;
mod prefer_text;
mod primary_key;
#[cfg(test)]
mod probe;
mod redundant_index;
mod reg_types;
mod schema_qualified;
mod select_star_in_view;
mod soft_delete;
mod tables;
mod tenant;
mod timestamptz;
mod timestamptz_precision;
mod types;
mod updated_at_trigger;
mod uuid_extension_function;
mod uuid_id;

use crate::lint::Rule;

/// The rules of this group, sorted by id.
pub(super) static RULES: &[&Rule] = &[
    &audit_columns::RULE,
    &cascade_delete::RULE,
    &comment_required_column::RULE,
    &comment_required_function::RULE,
    &comment_required_table::RULE,
    &duplicate_index::RULE,
    &fk_index::RULE,
    &fk_on_delete_explicit::RULE,
    &index_too_many_columns::RULE,
    &index_too_many_per_table::RULE,
    &naming_case::RULE,
    &naming_check::RULE,
    &naming_fk::RULE,
    &naming_index::RULE,
    &naming_keyword::RULE,
    &naming_pg_prefix::RULE,
    &naming_plural::RULE,
    &naming_suffix::RULE,
    &naming_unique::RULE,
    &no_char::RULE,
    &no_float_money::RULE,
    &no_inheritance::RULE,
    &no_money::RULE,
    &no_multi_col_partition::RULE,
    &no_rules::RULE,
    &no_timetz::RULE,
    &no_typed_table::RULE,
    &no_unlogged::RULE,
    &no_xml_hstore::RULE,
    &not_in_subquery::RULE,
    &null_comparison::RULE,
    &nullable_boolean::RULE,
    &order_by_ordinal::RULE,
    &org_id::RULE,
    &org_id_policy::RULE,
    &prefer_bigint::RULE,
    &prefer_identity::RULE,
    &prefer_jsonb::RULE,
    &prefer_text::RULE,
    &primary_key::RULE,
    &redundant_index::RULE,
    &reg_types::RULE,
    &schema_qualified::RULE,
    &select_star_in_view::RULE,
    &soft_delete::RULE,
    &timestamptz::RULE,
    &timestamptz_precision::RULE,
    &updated_at_trigger::RULE,
    &uuid_extension_function::RULE,
    &uuid_id::RULE,
];
