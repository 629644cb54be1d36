//! What hangs on a column, from the catalogs.
//!
//! It is read in one read-only transaction that waits for nobody.

use tokio_postgres::types::Type;

use super::{Error, Session};
use crate::risk::beside::{Fact, Facts};

/// Reads what hangs on a column; of one that is not there, nothing says `column`.
pub async fn read(session: &Session, table: &str, column: &str) -> Result<Facts, Error> {
    // Every name with its schema.
    session
        .batch(
            "begin read only; set local lock_timeout = '200ms'; set local statement_timeout = '10s'; \
             set local search_path = ''",
        )
        .await?;
    let parameters: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)] =
        &[(&table, Type::TEXT), (&column, Type::TEXT)];
    let read = session.query(include_str!("../../sql/beside/column.sql"), parameters).await;
    session.batch("rollback").await?;
    let fact = |row: &tokio_postgres::Row| Fact {
        what: row.get("what"),
        name: row.get("name"),
        text: row.get("text"),
        more: row.get("more"),
    };
    Ok(Facts(read?.iter().map(fact).collect()))
}
