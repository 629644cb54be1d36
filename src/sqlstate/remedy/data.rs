//! Values that a type does not take.

use super::failure::Failure;
use crate::text::quote_literal;

pub(super) fn remedy(failure: &Failure<'_>) -> Vec<String> {
    let table = failure.table_or_word();
    let widen = |kind: &str| {
        let table = failure.table()?;
        Some(format!("or widen the column: `alter table {table} alter column COLUMN type {kind};`"))
    };
    let value = failure.named(0).unwrap_or("VALUE");
    match failure.sqlstate() {
        "22P02" if failure.has("using") => vec![
            format!("mend the rows of {table} whose text is no such value, such as `{value}`, in an earlier statement"),
            "or turn them into null in the conversion: `using case when COLUMN ~ '^[0-9]+$' then COLUMN::TYPE end`"
                .to_owned(),
        ],
        "22P02" if failure.says("for enum") => {
            let kind =
                failure.error.message.rsplit_once("for enum ").map(|(_, rest)| rest.split(':').next().unwrap_or(rest));
            let kind = kind.map_or_else(|| "TYPE".to_owned(), super::failure::requote);
            vec![
                format!("write one of the labels: `select enum_range(null::{kind});`"),
                format!(
                    "or add it in an earlier migration: `alter type {kind} add value if not exists {};`",
                    quote_literal(value)
                ),
            ]
        }
        "22P02" => vec![format!("write a value of the type, or cast to another: `{value}` is none")],
        "22001" => {
            let kind = failure.error.message.rsplit_once("for type ").map_or("varchar", |(_, kind)| kind);
            [Some(format!("shorten the value to fit `{kind}`")), widen("text")].into_iter().flatten().collect()
        }
        "22003" => {
            [Some("write a value in the type's range".to_owned()), widen("bigint")].into_iter().flatten().collect()
        }
        "22012" => vec!["guard the divisor: `x / nullif(y, 0)` gives null for zero".to_owned()],
        _ => vec![format!("write the date as `YYYY-MM-DD`, the time as `HH:MM:SS`: `{value}` is not understood")],
    }
}
