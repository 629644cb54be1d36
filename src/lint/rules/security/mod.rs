//! Row-level security, privileges and secrets.

mod ask;
mod auth_users_exposed;
mod broad_grant;
mod dynamic_sql_injection;
mod extension_schema;
mod fk_auth_unique;
mod fk_auth_users_on_delete;
mod foreign_table_in_api;
mod function_search_path;
mod graphql_exposed;
mod managed_schema_write;
mod matview_in_api;
mod queue_exposed;
mod rls_always_true;
mod rls_disable;
mod rls_enabled;
mod rls_initplan;
mod rls_join_heavy;
mod rls_multiple_permissive;
mod rls_partition;
mod rls_policy_disabled;
mod rls_policy_exists;
mod rls_recursion;
mod rls_role_missing;
mod rls_unindexed_predicate;
mod rls_user_metadata;
mod rls_volatile_function;
mod rls_write_check_missing;
mod role_escalation;
mod secdef_executable;
mod secdef_no_caller_check;
mod secdef_search_path;
mod secret_literal;
mod sensitive_columns;
mod storage_public_listing;
mod view_security_invoker;

pub(in crate::lint) use ask::policy::{Live, live};

use crate::lint::Rule;

/// The rules of this group, sorted by id.
pub(super) static RULES: &[&Rule] = &[
    &auth_users_exposed::RULE,
    &broad_grant::RULE,
    &dynamic_sql_injection::RULE,
    &extension_schema::RULE,
    &fk_auth_unique::RULE,
    &fk_auth_users_on_delete::RULE,
    &foreign_table_in_api::RULE,
    &function_search_path::RULE,
    &graphql_exposed::RULE,
    &managed_schema_write::RULE,
    &matview_in_api::RULE,
    &queue_exposed::RULE,
    &rls_always_true::RULE,
    &rls_disable::RULE,
    &rls_enabled::RULE,
    &rls_initplan::RULE,
    &rls_join_heavy::RULE,
    &rls_multiple_permissive::RULE,
    &rls_partition::RULE,
    &rls_policy_disabled::RULE,
    &rls_policy_exists::RULE,
    &rls_recursion::RULE,
    &rls_role_missing::RULE,
    &rls_unindexed_predicate::RULE,
    &rls_user_metadata::RULE,
    &rls_volatile_function::RULE,
    &rls_write_check_missing::RULE,
    &role_escalation::RULE,
    &secdef_executable::RULE,
    &secdef_no_caller_check::RULE,
    &secdef_search_path::RULE,
    &secret_literal::RULE,
    &sensitive_columns::RULE,
    &storage_public_listing::RULE,
    &view_security_invoker::RULE,
];
