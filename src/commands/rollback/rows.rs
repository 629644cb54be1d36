//! How many rows a way back is about on the target at this moment, and how large what it locks is: read-only, and never
//! for long.

use crate::db::Session;
use crate::text::quote_literal;

/// How long one count may take.
const ONE: &str = "2s";

/// How many counts may run into that before the rest is estimated.
const PATIENCE: usize = 3;

/// What is known of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    /// How many rows the server takes it to have.
    pub rows: Option<u64>,
    /// Its size on disk with its indexes.
    pub bytes: u64,
}

/// Counts on a target.
pub(super) struct Counter<'a> {
    session: &'a Session,
    late: usize,
}

impl<'a> Counter<'a> {
    pub(super) fn new(session: &'a Session) -> Self {
        Self { session, late: 0 }
    }

    /// The answer of a counting query, and whether it is an estimate: of the relation's rows, where counting takes too
    /// long or is not allowed.
    pub(super) async fn count(&mut self, query: &str, relation: &str) -> (Option<u64>, bool) {
        if self.late < PATIENCE {
            let sql = format!(
                "begin transaction read only; set local statement_timeout = '{ONE}'; set local lock_timeout = '500ms'; {query}; \
                 commit"
            );
            match self.session.rows(&sql).await {
                Ok(rows) => {
                    let value = rows.first().and_then(|row| row.get(0)).and_then(|it| it.parse().ok());
                    return (value, false);
                }
                Err(error) => {
                    tracing::debug!("not counted: {error}");
                    self.late += 1;
                    // The transaction that has failed is still open.
                    let _gone = self.session.batch("rollback").await;
                }
            }
        }
        (self.size(relation).await.and_then(|size| size.rows), true)
    }

    /// The time zone of a session there.
    pub(super) async fn zone(&self) -> Option<String> {
        let rows = self.session.rows("show timezone").await.ok()?;
        rows.first()?.get(0).map(str::to_owned)
    }

    /// What the server knows of a relation; none where it is not there.
    pub(super) async fn size(&self, relation: &str) -> Option<Size> {
        let sql = format!(
            "select case when reltuples < 0 then null else reltuples::bigint end, pg_catalog.pg_total_relation_size(oid) \
             from pg_catalog.pg_class where oid = pg_catalog.to_regclass({})",
            quote_literal(relation)
        );
        let rows = self.session.rows(&sql).await.ok()?;
        let row = rows.first()?;
        let number = |at: usize| row.get(at).and_then(|it| it.parse().ok());
        Some(Size { rows: number(0), bytes: number(1)? })
    }
}

/// Bytes as people say them: `41 GB`.
pub(super) fn bytes(bytes: u64) -> String {
    let mut left = bytes;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if left < 10_240 {
            return format!("{left} {unit}");
        }
        left /= 1024;
    }
    format!("{left} TB")
}

/// A number with its thousands apart: `312,000`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Rows with their number.
pub(super) fn rows_said(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(rows)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_people_read_them() {
        assert_eq!([grouped(7), grouped(1204), grouped(312_000_000)], ["7", "1,204", "312,000,000"]);
        assert_eq!([bytes(8192), bytes(49_152), bytes(44_023_414_784)], ["8192 bytes", "48 kB", "41 GB"]);
    }
}
