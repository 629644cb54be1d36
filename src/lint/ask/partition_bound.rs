//! What a partition's bound and a table's checks have in common.

use super::in_use::excludes_null;
use crate::lint::LintFile;
use crate::lint::schema::{ConstraintDef, QName, Schema, Table};
use crate::sql::ast::{Expr, ExprKind, LiteralKind, PartitionBound, StmtKind, TableActionKind};

/// The constants of a bound as written: `from ('2025-01-01') to ('2026-01-01')`.
fn constants(bound: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = bound;
    while let Some(at) = rest.find(['\'', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
        rest = &rest[at..];
        let (text, after) = match rest.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'').unwrap_or((quoted, "")),
            None => {
                rest.split_at(rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(rest.len()))
            }
        };
        found.push(text.to_owned());
        rest = after;
    }
    found
}

/// Whether validated checks of the table name every constant of the bound and leave no null: then PostgreSQL can prove that the
/// rows fit, and does not read them.
pub(in crate::lint) fn is_proven(table: &Table, bound: &str) -> bool {
    let checks = || {
        table.constraints.iter().filter(|constraint| constraint.valid).filter_map(|constraint| match &constraint.def {
            ConstraintDef::Check(condition) => Some((constraint, condition)),
            _ => None,
        })
    };
    let literals: Vec<&str> = checks()
        .flat_map(|(_, condition)| condition.all())
        .filter_map(|expr| match &expr.kind {
            ExprKind::Literal(LiteralKind::String(text) | LiteralKind::Number(text)) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let constants = constants(bound);
    let columns = || {
        checks().flat_map(|(_, condition)| condition.all()).filter_map(Expr::as_column).filter_map(|parts| parts.last())
    };
    let not_null = |column: &str| {
        table.column(column).is_some_and(|it| it.not_null)
            || checks().any(|(_, condition)| excludes_null(condition, column))
    };
    !constants.is_empty()
        && constants.iter().all(|constant| literals.contains(&constant.as_str()))
        && columns().any(|column| not_null(&column.value))
}

/// The partition that takes what fits nowhere else, as far as the file that created it says so.
pub(in crate::lint) fn default_partition<'a>(
    schema: &'a Schema,
    files: &[LintFile],
    parent: &QName,
) -> Option<&'a Table> {
    schema.tables.values().filter(|table| table.partition_of.as_ref() == Some(parent)).find(|table| {
        let Some(file) = table.created.file.and_then(|file| files.get(file)) else { return false };
        file.events.iter().any(|event| match &event.stmt.kind {
            StmtKind::CreateTable(create) => {
                create.bound == Some(PartitionBound::Default) && create.name.object() == table.name.name
            }
            StmtKind::AlterTable(alter) => alter.actions.iter().any(|action| match &action.kind {
                TableActionKind::AttachPartition { table: child, bound: Some(PartitionBound::Default) } => {
                    child.object() == table.name.name
                }
                _ => false,
            }),
            _ => false,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::constants;

    #[test]
    fn constants_are_read_from_every_kind_of_bound() {
        assert_eq!(
            constants("for values from ('2025-01-01', 5) to ('2026-01-01', maxvalue)"),
            ["2025-01-01", "5", "2026-01-01"]
        );
        assert_eq!(constants("for values in ('a', 'b')"), ["a", "b"]);
        assert_eq!(constants("default"), [""; 0]);
    }
}
