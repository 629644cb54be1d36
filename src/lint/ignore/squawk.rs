//! The rules of squawk and what they are called here, so that its ignore comments hold.
//!
//! Names: <https://squawkhq.com/docs/rules>.

use crate::lint::rules::RULES;

/// squawk's name, and the rules here that say the same; a name that ends in `*` stands for all that begin so. Rules of squawk
/// that have no counterpart are known, but silence nothing.
const NAMES: &[(&str, &[&str])] = &[
    ("adding-field-with-default", &["add-column-volatile-default", "add-column-stored-generated"]),
    ("adding-foreign-key-constraint", &["fk-not-valid"]),
    ("adding-not-nullable-field", &["set-not-null-scan"]),
    ("adding-required-field", &["add-column-required"]),
    ("adding-serial-primary-key-field", &["add-column-serial", "primary-key-index"]),
    ("ban-add-column", &[]),
    ("ban-add-composite-attribute", &[]),
    ("ban-add-enum-value", &[]),
    ("ban-alter-database-options", &["alter-database"]),
    ("ban-alter-domain-with-add-constraint", &["domain-constraint"]),
    ("ban-alter-extension", &[]),
    ("ban-alter-function-options", &[]),
    ("ban-alter-generated-expression", &[]),
    ("ban-alter-identity", &[]),
    ("ban-alter-policy-condition", &[]),
    ("ban-alter-policy-roles", &[]),
    ("ban-alter-role-options", &["alter-role-set"]),
    ("ban-alter-row-level-security", &["rls-disable"]),
    ("ban-alter-sequence-values", &[]),
    ("ban-alter-system-options", &["alter-system"]),
    ("ban-alter-view-options", &[]),
    ("ban-char-field", &["no-char"]),
    ("ban-concurrent-index-creation-in-transaction", &["concurrently-in-transaction"]),
    ("ban-create-domain-with-constraint", &["domain-constraint"]),
    ("ban-create-policy", &[]),
    ("ban-detach-inheritance", &[]),
    ("ban-disable-trigger", &["disable-trigger"]),
    ("ban-drop-column", &["drop-column"]),
    ("ban-drop-constraint", &["drop-constraint"]),
    ("ban-drop-database", &["drop-database"]),
    ("ban-drop-default", &["drop-default"]),
    ("ban-drop-domain", &["drop-domain"]),
    ("ban-drop-extension", &["drop-extension"]),
    ("ban-drop-function", &["drop-function"]),
    ("ban-drop-generated-expression", &["drop-generated"]),
    ("ban-drop-index", &["drop-index"]),
    ("ban-drop-not-null", &["drop-not-null"]),
    ("ban-drop-policy", &["drop-policy"]),
    ("ban-drop-schema", &["drop-schema"]),
    ("ban-drop-sequence", &["drop-sequence"]),
    ("ban-drop-table", &["drop-table"]),
    ("ban-drop-trigger", &["drop-trigger"]),
    ("ban-drop-type", &["drop-type"]),
    ("ban-drop-view", &["drop-view"]),
    ("ban-duplicate-column-assignments", &["duplicate-assignment"]),
    ("ban-new-write-restriction", &[]),
    ("ban-replace-view-function", &["replace-signature-change", "view-column-change"]),
    ("ban-replica-identity", &["replica-identity"]),
    ("ban-revoke", &["revoke"]),
    ("ban-set-default", &["set-default"]),
    ("ban-set-schema", &["set-schema"]),
    ("ban-truncate-cascade", &["truncate-cascade"]),
    ("ban-uncommitted-transaction", &["uncommitted-transaction"]),
    ("changing-column-type", &["change-column-type"]),
    ("constraint-missing-not-valid", &["check-not-valid", "fk-not-valid", "validate-same-transaction"]),
    ("disallowed-unique-constraint", &["unique-constraint-index"]),
    ("identifier-too-long", &["identifier-too-long"]),
    ("prefer-big-int", &["prefer-bigint"]),
    ("prefer-bigint-over-int", &["prefer-bigint"]),
    ("prefer-bigint-over-smallint", &["prefer-bigint"]),
    ("prefer-identity", &["prefer-identity"]),
    ("prefer-repack", &["vacuum-full-cluster"]),
    ("prefer-robust-stmts", &["idempotent-*"]),
    ("prefer-text-field", &["prefer-text"]),
    ("prefer-timestamp-tz", &["timestamptz"]),
    ("prefer-timestamptz", &["timestamptz"]),
    ("renaming-column", &["rename-column"]),
    ("renaming-object", &["rename-object", "rename-schema", "rename-enum-value"]),
    ("renaming-table", &["rename-table"]),
    ("require-concurrent-index-creation", &["concurrent-index-create"]),
    ("require-concurrent-index-deletion", &["concurrent-index-drop"]),
    ("require-concurrent-partition-detach", &["partition-detach-concurrent"]),
    ("require-concurrent-reindex", &["concurrent-reindex"]),
    ("require-enum-value-ordering", &["enum-value-ordering"]),
    ("require-lock-timeout", &["lock-timeout"]),
    ("require-statement-timeout", &["statement-timeout"]),
    ("require-table-schema", &["schema-qualified"]),
    ("require-timeout-settings", &["lock-timeout", "statement-timeout"]),
    ("transaction-nesting", &["transaction-nesting"]),
    ("unused-ignore", &["unused-ignore"]),
];

/// The rules here that a rule of squawk stands for; `None` for a name that squawk does not have.
pub(super) fn counterparts(name: &str) -> Option<Vec<&'static str>> {
    let at = NAMES.binary_search_by(|(squawk, _)| (*squawk).cmp(name)).ok()?;
    let mut ids = Vec::new();
    for id in NAMES[at].1 {
        match id.strip_suffix('*') {
            Some(start) => ids.extend(RULES.iter().map(|rule| rule.id).filter(|id| id.starts_with(start))),
            None => ids.push(*id),
        }
    }
    Some(ids)
}

/// The names of squawk's rules.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(counterparts("ban-drop-column"), Some(vec!["drop-column"]));
        assert_eq!(counterparts("ban-add-column"), Some(Vec::new()));
        assert_eq!(counterparts("ban-drop-colunm"), None);
    }
}
