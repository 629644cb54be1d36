//! eugene's hints, by their ids and by the names in its source.

use super::Row;

pub(super) const EUGENE: &[Row] = &[
    ("e1", VALID_CONSTRAINT),
    ("adding-valid-constraint", VALID_CONSTRAINT),
    ("e2", &["set-not-null-scan"]),
    ("make-column-not-nullable-with-lock", &["set-not-null-scan"]),
    ("e3", &["prefer-jsonb"]),
    ("set-column-type-to-json", &["prefer-jsonb"]),
    ("e4", &["statement-after-exclusive", "index-under-exclusive-lock"]),
    ("running-statement-while-holding-access-exclusive", &["statement-after-exclusive", "index-under-exclusive-lock"]),
    ("e5", &["change-column-type"]),
    ("change-column-type", &["change-column-type"]),
    ("e6", &["concurrent-index-create"]),
    ("create-index-nonconcurrently", &["concurrent-index-create"]),
    ("e7", &["unique-constraint-index"]),
    ("add-new-unique-constraint-without-using-index", &["unique-constraint-index"]),
    ("e8", &["exclusion-constraint"]),
    ("adding-exclusion-constraint", &["exclusion-constraint"]),
    ("e9", &["lock-timeout"]),
    ("locktimeout-warning", &["lock-timeout"]),
    ("e10", &["change-column-type"]),
    ("rewrote-table-or-index", &["change-column-type", "add-column-volatile-default"]),
    ("e11", &["add-column-serial", "add-column-stored-generated"]),
    ("added-serial-or-stored-generated-column", &["add-column-serial", "add-column-stored-generated"]),
    ("w12", &["merge-alter-table"]),
    ("multiple-alter-tables-where-one-will-do", &["merge-alter-table"]),
    ("w13", &["enum-create"]),
    ("creating-enum", &["enum-create"]),
    ("w14", &["pk-using-index-nullable"]),
    ("add-primary-key-using-index", &["pk-using-index-nullable"]),
    ("e15", &["fk-index"]),
    ("missing-index", &["fk-index"]),
];

const VALID_CONSTRAINT: &[&str] = &["check-not-valid", "fk-not-valid"];
