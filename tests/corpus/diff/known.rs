//! What is known not to come out, each with its reason.

use super::judge::Verdict;
use super::tour::Outcome;

/// That a column is only its parent's no statement says of one that is there: it would have to be dropped, with its values.
const OWN_COLUMN: &str = "a child's own column cannot become its parent's alone without its values being lost";
/// What is left out is not compared.
const SECRET: &str = "a secret is no part of what is read";

/// `pg_dump` writes the columns of publications and statistics in the order in which they stand in the table.
const LISTS: &str = "lists of columns follow the order of columns, which no statement changes";
/// The rows decide, and not the schemas.
const ROWS: &str = "a row holds a value that the new schema does not know";

/// Suite, case, and why.
const KNOWN: &[(&str, &str, &str)] = &[
    ("columns", "column_dropped_that_everything_uses", LISTS),
    ("foreign_data", "foreign_table_inherits", OWN_COLUMN),
    ("foreign_data", "user_mapping_keeps_its_secret", SECRET),
    ("foreign_data", "user_mapping_secret_is_gone", SECRET),
    ("inheritance", "inherits_column_becomes_own", OWN_COLUMN),
    ("inheritance", "inherits_parent_goes", OWN_COLUMN),
    ("migra", "inherit2", OWN_COLUMN),
    ("partitions", "inheritance_let_go", OWN_COLUMN),
    ("probe", "table_inherits", OWN_COLUMN),
    ("replication", "subscription_without_secret", SECRET),
    ("types", "enum_values_reordered_in_nested_types", ROWS),
];

/// Cases in which tables or columns are made again, and why they have to be.
const REMADE: &[(&str, &str, &str)] = &[];

/// Fails where something does not come out that is not known to, or comes out though it is.
pub(super) fn check(outcomes: &[Outcome], knows_all: bool) {
    let mut wrong = Vec::new();
    for outcome in outcomes {
        let name = format!("{}/{}", outcome.suite, outcome.case);
        let reason = |list: &[(&str, &str, &'static str)]| {
            list.iter().find(|(suite, case, _)| *suite == outcome.suite && *case == outcome.case).map(|(.., why)| *why)
        };
        let bad = |way: &&super::tour::Way| way.verdict > Verdict::ColumnOrder || !way.left.is_empty();
        match (reason(KNOWN), outcome.ways.iter().find(bad)) {
            (None, Some(way)) => wrong.push(format!("{name} {}: {:?}, left {:?}", way.name, way.verdict, way.left)),
            // Some only fail on a way that not every run goes.
            (Some(why), None)
                if knows_all && outcome.unloaded.is_none() && outcome.ways.iter().any(|way| way.name == "0→a") =>
            {
                wrong.push(format!("{name} comes out, though: {why}"));
            }
            _ => {}
        }
        let lossy = outcome.ways.iter().find(|way| !way.remade.data.is_empty());
        if let (None, Some(way)) = (reason(REMADE), lossy) {
            wrong.push(format!("{name} {}: made again: {}", way.name, way.remade.data.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
