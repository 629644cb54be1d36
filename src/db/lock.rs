//! The lock that lets one runner at a time change a database: a session advisory lock, polled.
//!
//! It is never waited for in the server: a session that waits in `pg_advisory_lock` holds a snapshot, and
//! `CREATE INDEX CONCURRENTLY` of the runner that has the lock would wait for that snapshot for ever.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Error, Session};
use crate::text::human_duration;

/// The key: the first eight bytes of SHA-256 of `dbctl migration lock`, made positive. Advisory locks belong to a
/// database, so one key for all is right: <https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS>.
pub const LOCK_KEY: i64 = 0x145a_8897_851b_a4fe;

/// Why the lock was not had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] Error),
    /// Another runner held it for too long.
    #[error("another runner holds the migration lock: {holder}")]
    Held {
        /// Who.
        holder: String,
        /// How long dbctl waited.
        waited: Duration,
    },
    /// The connection does not keep its session, as behind a pooler in transaction mode.
    #[error("the connection changes its server session between statements")]
    Pooled,
}

/// Takes the lock, waiting up to `wait`; `waiting` is told once who holds it.
pub async fn acquire(
    session: &Session,
    wait: Duration,
    waiting: &mut (dyn FnMut(String) + Send),
) -> Result<(), LockError> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(20);
    let mut told = false;
    loop {
        if try_acquire(session).await? {
            return held_by_this_session(session).await;
        }
        if begun.elapsed() >= wait {
            return Err(LockError::Held { holder: holder(session).await?, waited: wait });
        }
        if !told {
            told = true;
            waiting(holder(session).await?);
        }
        sleep(pause.min(wait.saturating_sub(begun.elapsed()))).await;
        pause = (pause * 2).min(Duration::from_millis(500));
    }
}

/// Whether a text gives up all advisory locks of its session, dbctl's with them.
pub(super) fn is_given_up_by(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let discards = text.split_whitespace().zip(text.split_whitespace().skip(1));
    text.contains("pg_advisory_unlock_all")
        || discards.into_iter().any(|pair| matches!(pair, ("discard", "all" | "all;")))
}

/// Takes the lock without waiting; says whether it was had.
pub(super) async fn try_acquire(session: &Session) -> Result<bool, Error> {
    let rows = session.rows(&format!("select pg_catalog.pg_try_advisory_lock({LOCK_KEY})")).await?;
    Ok(rows.first().and_then(|row| row.get(0)) == Some("t"))
}

/// A pooler in transaction mode hands the next statement to another server session: then the lock guards nothing.
async fn held_by_this_session(session: &Session) -> Result<(), LockError> {
    let sql = format!(
        "select 1 from pg_catalog.pg_locks where locktype = 'advisory' and granted and pid = pg_backend_pid() \
         and objsubid = 1 and (classid::bigint << 32) | objid::bigint = {LOCK_KEY}"
    );
    if session.rows(&sql).await.map_err(LockError::Database)?.is_empty() { Err(LockError::Pooled) } else { Ok(()) }
}

/// The holder in words.
async fn holder(session: &Session) -> Result<String, Error> {
    let sql = include_str!("../../sql/lock/holder.sql").replace("$1", &LOCK_KEY.to_string());
    let rows = session.rows(&sql).await?;
    let Some(row) = rows.first() else { return Ok("a runner that has just ended".to_owned()) };
    let value = |at: usize| row.get(at).unwrap_or_default();
    let age = Duration::from_secs(value(4).parse().unwrap_or_default());
    Ok(format!(
        "{} as `{}` from {}, process {}, connected for {}",
        value(2),
        value(1),
        value(3),
        value(0),
        human_duration(age)
    ))
}

#[cfg(test)]
mod tests {
    use super::is_given_up_by;

    #[test]
    fn sees_what_gives_up_the_lock() {
        assert!(is_given_up_by("select 1;\nDISCARD\n ALL;"));
        assert!(is_given_up_by("select pg_advisory_unlock_all()"));
        assert!(!is_given_up_by("discard plans; select all_of_it;"));
    }
}
