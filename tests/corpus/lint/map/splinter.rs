//! splinter's lints, by name; those that need a living database (bloat, unused indexes, versions) have no like here.

use super::Row;

pub(super) const SPLINTER: &[Row] = &[
    ("unindexed-foreign-keys", &["fk-index"]),
    ("auth-users-exposed", &["auth-users-exposed"]),
    ("auth-rls-initplan", &["rls-initplan"]),
    ("no-primary-key", &["primary-key"]),
    ("multiple-permissive-policies", &["rls-multiple-permissive"]),
    ("policy-exists-rls-disabled", &["rls-policy-disabled"]),
    ("rls-enabled-no-policy", &["rls-policy-exists"]),
    ("duplicate-index", &["duplicate-index"]),
    ("security-definer-view", &["view-security-invoker"]),
    ("function-search-path-mutable", &["function-search-path", "secdef-search-path"]),
    ("rls-disabled-in-public", &["rls-enabled"]),
    ("extension-in-public", &["extension-schema"]),
    ("rls-references-user-metadata", &["rls-user-metadata"]),
    ("materialized-view-in-api", &["matview-in-api"]),
    ("foreign-table-in-api", &["foreign-table-in-api"]),
    ("unsupported-reg-types", &["reg-types"]),
    ("insecure-queue-exposed-in-api", &["queue-exposed"]),
    ("fkey-to-auth-unique", &["fk-auth-unique"]),
    ("sensitive-columns-exposed", &["sensitive-columns"]),
    ("permissive-rls-policy", &["rls-always-true"]),
    ("rls-policy-always-true", &["rls-always-true"]),
    ("public-bucket-allows-listing", &["storage-public-listing"]),
    ("pg-graphql-anon-table-exposed", &["graphql-exposed"]),
    ("pg-graphql-authenticated-table-exposed", &["graphql-exposed"]),
    ("anon-security-definer-function-executable", &["secdef-executable"]),
    ("authenticated-security-definer-function-executable", &["secdef-executable"]),
];
