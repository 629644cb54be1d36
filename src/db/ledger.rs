//! Reads the ledger: refinery's history table and dbctl's events. Reading never creates anything.

use jiff::Timestamp;
use tokio_postgres::SimpleQueryRow;

use super::{Error, Session};
use crate::plan::ledger::{Ledger, Partial, Row};

/// Reads what is applied, in one round trip; a database without dbctl's tables has an empty ledger.
pub async fn read(session: &Session) -> Result<Ledger, Error> {
    let sql = concat!(include_str!("../../sql/ledger/read.sql"), include_str!("../../sql/ledger/partial.sql"));
    let rows = match session.rows(sql).await {
        Ok(rows) => rows,
        // 42P01 undefined_table, 3F000 invalid_schema_name: not initialised is an answer.
        Err(Error::Server(error)) if ["42P01", "3F000"].contains(&error.sqlstate.as_str()) => {
            return uninitialised(session).await;
        }
        Err(error) => return Err(error),
    };
    let mut ledger = Ledger { initialised: true, ..Ledger::default() };
    for row in &rows {
        // The two queries of the batch differ in their number of columns.
        if row.len() == HISTORY_COLUMNS {
            ledger.rows.push(history(row));
        } else {
            unfinished(row, &mut ledger.partial);
        }
    }
    Ok(ledger)
}

/// The ledger of a database that lacks one of dbctl's tables: empty where it lacks both, which are made together. One
/// without the other is damage; taken for nothing, everything that is applied would be applied again.
async fn uninitialised(session: &Session) -> Result<Ledger, Error> {
    let tables = session.rows("select tablename from pg_catalog.pg_tables where schemaname = 'dbctl'").await?;
    let there = |table: &str| tables.iter().any(|row| row.get(0) == Some(table));
    match (there("schema_history"), there("event")) {
        (true, false) => Err(Error::DamagedHistory { missing: "dbctl.event" }),
        (false, true) => Err(Error::DamagedHistory { missing: "dbctl.schema_history" }),
        // Both: another runner has made them just now.
        (false, false) | (true, true) => Ok(Ledger::default()),
    }
}

/// The text that a migration was applied with, where it was dbctl that applied it.
pub async fn applied_text(session: &Session, key: i64) -> Result<Option<String>, Error> {
    let sql = include_str!("../../sql/ledger/text.sql").replace("$1", &key.to_string());
    let rows = session.rows(&sql).await?;
    Ok(rows.first().and_then(|row| row.get(0)).map(str::to_owned))
}

const HISTORY_COLUMNS: usize = 12;

fn history(row: &SimpleQueryRow) -> Row {
    let text = |at: usize| row.get(at).map(str::to_owned);
    let key = row.get(0).and_then(|key| key.parse().ok()).unwrap_or_default();
    let applied_on = row.get(6).and_then(parse_timestamp).or_else(|| row.get(2).and_then(parse_timestamp));
    Row {
        key,
        version: text(4).unwrap_or_else(|| key.to_string()),
        name: text(5).or_else(|| text(1)).unwrap_or_default(),
        applied_at: applied_on,
        checksum: row.get(3).and_then(|checksum| checksum.parse().ok()).unwrap_or_default(),
        sha256: text(7),
        ms: row.get(8).and_then(|ms| ms.parse().ok()),
        run: text(9),
        event: row.get(10).and_then(|id| id.parse().ok()).unwrap_or_default(),
        accepted: row.get(11) == Some("accepted"),
    }
}

/// PostgreSQL's ISO form (`2026-11-21 10:31:00.5+00`) and refinery's RFC 3339.
fn parse_timestamp(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Folds the events of one migration, which come in the order of their ids.
fn unfinished(row: &SimpleQueryRow, partial: &mut Vec<Partial>) {
    let text = |at: usize| row.get(at).unwrap_or_default().to_owned();
    let key = row.get(0).and_then(|key| key.parse().ok()).unwrap_or_default();
    let number: usize = row.get(6).and_then(|number| number.parse().ok()).unwrap_or_default();
    if partial.last().is_none_or(|last| last.key != key) {
        partial.push(Partial {
            key,
            version: text(1),
            name: text(2),
            sha256: text(5),
            done: 0,
            text: Some(String::new()),
            in_doubt: None,
            run: text(7),
            down: text(4) == "down",
        });
    }
    let Some(last) = partial.last_mut() else { return };
    last.sha256 = text(5);
    last.run = text(7);
    last.down = text(4) == "down";
    match row.get(3) {
        Some("statement-finished") => {
            last.done = number;
            last.text = last.text.take().zip(row.get(8)).map(|(before, sql)| before + sql);
            last.in_doubt = None;
        }
        // The server said no: the outcome is known.
        Some("failed") => last.in_doubt = None,
        _ => last.in_doubt = Some(number),
    }
}
