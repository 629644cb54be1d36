//! The Postgres Language Server's own rules; the rest are squawk's and splinter's.

use super::Row;

pub(super) const PGLS: &[Row] = &[
    ("add-serial-column", &["add-column-serial", "add-column-stored-generated"]),
    ("avoid-adding-exclusion-constraint", &["exclusion-constraint"]),
    ("ban-add-exclusion-constraint", &["exclusion-constraint"]),
    ("avoid-alter-enum-add-value", ENUM_VALUE),
    ("ban-alter-enum-add-value", ENUM_VALUE),
    ("avoid-attaching-partition", &["partition-attach-scan", "idempotent-attach"]),
    ("ban-attach-partition", &["partition-attach-scan", "idempotent-attach"]),
    ("avoid-create-trigger", &["trigger-lock"]),
    ("ban-create-trigger", &["trigger-lock"]),
    ("avoid-enable-disable-trigger", &["trigger-lock", "disable-trigger"]),
    ("ban-enable-disable-trigger", &["trigger-lock", "disable-trigger"]),
    ("avoid-wide-lock-window", &["wide-lock-window"]),
    ("warn-wide-lock-window", &["wide-lock-window"]),
    ("ban-delete-without-where", &["delete-without-where"]),
    ("ban-update-without-where", &["update-without-where"]),
    ("ban-not-valid-validate-same-transaction", &["validate-same-transaction"]),
    ("require-separate-constraint-validation", &["validate-same-transaction"]),
    ("ban-vacuum-full", &["vacuum-full-cluster"]),
    ("ban-blocking-refresh-matview", &["refresh-matview"]),
    ("require-concurrent-refresh-matview", &["refresh-matview"]),
    ("creating-enum", &["enum-create"]),
    ("lock-timeout-warning", &["lock-timeout"]),
    ("multiple-alter-table", &["merge-alter-table"]),
    ("prefer-jsonb", &["prefer-jsonb"]),
    ("require-concurrent-detach-partition", &["partition-detach-concurrent"]),
    ("require-statement-timeout", &["statement-timeout"]),
    ("running-statement-while-holding-access-exclusive", &["statement-after-exclusive", "index-under-exclusive-lock"]),
    ("unknown-column", UNKNOWN),
    ("unknown-function", UNKNOWN),
    ("unknown-relation", UNKNOWN),
    ("unknown-schema", UNKNOWN),
    ("unknown-type", UNKNOWN),
    ("invalid-drop-type-signature", UNKNOWN),
];

const ENUM_VALUE: &[&str] = &["enum-value-ordering", "enum-value-used-same-tx"];
const UNKNOWN: &[&str] = &["unknown-object", "plpgsql-body-error"];
