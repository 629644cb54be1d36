//! What is known not to run, and why.

/// Rules of which bad examples fail on the server, which is what they say: with PostgreSQL's codes.
pub(super) const FAIL: &[(&str, &[&str])] = &[
    ("bom", &["42601"]),
    ("concurrently-in-transaction", &["25001"]),
    ("concurrently-on-partitioned", &["0A000"]),
    ("duplicate-assignment", &["42601", "42701"]),
    ("duplicate-object", &["42P07", "42701"]),
    ("enum-value-used-same-tx", &["55P04"]),
    ("fk-target-not-unique", &["42830"]),
    ("plpgsql-body-error", &["42601"]),
    ("psql-meta-command", &["42601"]),
    ("replace-signature-change", &["42P13"]),
    ("rewrite-breaks-dependants", &["0A000"]),
    ("syntax-error", &["42601"]),
    ("unknown-object", &["42P01", "42703"]),
    ("view-column-change", &["42P16"]),
];

/// Examples that cannot be tried here: the rule, a part of the example, and the reason.
pub(super) const NOT_TRIED: &[(&str, &str, &str)] =
    &[("drop-database", "drop database shop", "no migration can make the database that it drops")];

/// Rules whose fixes are meant to leave another schema, and what differs.
pub(super) const MEANT: &[(&str, &str)] = &[
    ("audit-columns", "columns"),
    ("constraint-never-validated", "the constraint is valid"),
    ("extension-schema", "the extension's schema"),
    ("fk-index", "an index"),
    ("function-search-path", "the function's setting"),
    ("prefer-identity", "an identity in place of the default"),
    ("prefer-jsonb", "the type"),
    ("rls-enabled", "row-level security"),
    ("rls-initplan", "the policy's expression"),
    ("rls-partition", "row-level security"),
    ("rls-policy-disabled", "row-level security"),
    ("rls-unindexed-predicate", "an index"),
    ("secdef-search-path", "the function's setting"),
    ("timestamptz", "the type"),
    ("updated-at-trigger", "a trigger"),
    ("uuid-extension-function", "the default's function"),
    ("view-security-invoker", "the view's option"),
];

/// Idempotency rules whose bad examples do not fail the second time, and what is wrong with them.
pub(super) const QUIET: &[(&str, &str)] =
    &[("guard-swallows-all", "the guard swallows the error of the second run too, with all others")];

/// Why an example is not tried, where it is not.
pub(super) fn not_tried(rule: &str, example: &str) -> Option<&'static str> {
    NOT_TRIED.iter().find(|(id, part, _)| *id == rule && example.contains(part)).map(|(.., why)| *why)
}

/// The codes with which a rule's bad examples fail.
pub(super) fn failures(rule: &str) -> &'static [&'static str] {
    FAIL.iter().find(|(id, _)| *id == rule).map_or(&[], |(_, codes)| codes)
}
