//! What a database's statistics say of tables: rows, sizes, activity, who is in the way, and who is sent the changes.
//!
//! Everything is read in one read-only transaction that waits for nobody.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::trace::mode_of;
use super::{Error, Session};
use crate::plan::trace::same;
use crate::report::{PlanEstimate, PlanSession};
use crate::risk::LockMode;
use crate::text::{human_bytes, human_duration};

/// How long, in seconds, a transaction lasts before what waits for all of them is said to wait for it.
const OLD: f64 = 5.0;
/// What is counted of a table: rows that were written, and scans.
const COUNTS: [&str; 2] = ["writes", "reads"];
/// How long between two looks at the counts where nobody knows since when they are kept; servers add to them once a second.
const MOMENT: Duration = Duration::from_millis(1200);
/// How many sessions are named for a table.
const NAMED: usize = 5;

/// Reads the statistics of relations, each named with the strongest lock that is to be taken on it; those that are not
/// there are left out. Gives with them who is sent the changes of the whole database.
pub async fn read(
    session: &Session,
    touched: &BTreeMap<String, LockMode>,
) -> Result<(Vec<PlanEstimate>, Vec<String>), Error> {
    session.batch("begin read only; set local lock_timeout = '200ms'; set local statement_timeout = '10s'").await?;
    let read = read_inside(session, touched).await;
    session.batch("rollback").await?;
    read
}

async fn read_inside(
    session: &Session,
    touched: &BTreeMap<String, LockMode>,
) -> Result<(Vec<PlanEstimate>, Vec<String>), Error> {
    let names: Vec<&String> = touched.keys().collect();
    let rows = session.query(include_str!("../../sql/stats/relations.sql"), &[(&names, Type::TEXT_ARRAY)]).await?;
    let trees: Vec<Vec<u32>> = rows.iter().map(|row| row.get("tree")).collect();
    let all: Vec<u32> = trees.concat();
    let sessions = session.query(include_str!("../../sql/stats/sessions.sql"), &[(&all, Type::OID_ARRAY)]).await?;
    let mut estimates: Vec<PlanEstimate> = rows.iter().map(estimate).collect();
    rates(session, &names, &rows, &mut estimates).await?;
    for (estimate, tree) in estimates.iter_mut().zip(&trees) {
        let mode = touched.iter().filter(|(name, _)| same(name, &estimate.relation)).map(|(_, mode)| *mode).max();
        estimate.waiting = waiting(&sessions, tree, mode.unwrap_or(LockMode::AccessShare));
    }
    let replication = if rows.is_empty() { Vec::new() } else { replication(session).await? };
    // Where another session locks a table between two looks this fails, and with it the transaction: it comes last.
    if let Some(sizes) = sizes(session, &all).await? {
        for (estimate, tree) in estimates.iter_mut().zip(&trees) {
            let of_tree: Vec<i64> = tree.iter().filter_map(|oid| sizes.get(oid).copied().flatten()).collect();
            if of_tree.len() == tree.len() {
                estimate.bytes = Some(of_tree.iter().sum::<i64>().unsigned_abs());
            }
        }
    }
    Ok((estimates, replication))
}

/// What is written and read a second: since the counts were begun where that is known, or else from one look to another.
async fn rates(
    session: &Session,
    names: &[&String],
    rows: &[Row],
    estimates: &mut [PlanEstimate],
) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    if let Some(seconds) = window(session).await? {
        for (estimate, row) in estimates.iter_mut().zip(rows) {
            estimate.over_seconds = Some(seconds);
            [estimate.writes_per_second, estimate.reads_per_second] =
                COUNTS.map(|column| row.get::<_, Option<f64>>(column).map(|total| total / seconds));
        }
        return Ok(());
    }
    let begun = Instant::now();
    tokio::time::sleep(MOMENT).await;
    session.batch("select pg_catalog.pg_stat_clear_snapshot()").await?;
    let later = session.query(include_str!("../../sql/stats/relations.sql"), &[(&names, Type::TEXT_ARRAY)]).await?;
    let seconds = begun.elapsed().as_secs_f64();
    for (estimate, row) in estimates.iter_mut().zip(rows) {
        let oid: u32 = row.get("oid");
        let Some(now) = later.iter().find(|it| it.get::<_, u32>("oid") == oid) else { continue };
        (estimate.over_seconds, estimate.is_measured) = (Some(seconds), true);
        [estimate.writes_per_second, estimate.reads_per_second] = COUNTS.map(|column| {
            let (before, now): (Option<f64>, Option<f64>) = (row.get(column), now.get(column));
            Some((now? - before?).max(0.0) / seconds)
        });
    }
    Ok(())
}

/// For how long, in seconds, rows have been counted; none where nobody knows.
async fn window(session: &Session) -> Result<Option<f64>, Error> {
    let said = |rows: &[Row]| rows.first().and_then(|row| row.get::<_, Option<f64>>(0)).filter(|it| *it > 0.0);
    let kept = session.query(include_str!("../../sql/stats/window.sql"), &[]).await?;
    if let Some(seconds) = said(&kept) {
        return Ok(Some(seconds));
    }
    session.batch("savepoint born").await?;
    match session.query(include_str!("../../sql/stats/born.sql"), &[]).await {
        Ok(rows) => Ok(said(&rows)),
        Err(error) if error.connection_is_lost() => Err(error),
        Err(error) => {
            tracing::info!("when the database was made was not read: {error}");
            session.batch("rollback to savepoint born").await?;
            Ok(None)
        }
    }
}

fn estimate(row: &Row) -> PlanEstimate {
    let publications: Vec<String> = row.get("publications");
    PlanEstimate {
        relation: row.get("name"),
        rows: row.get::<_, Option<f64>>("rows").map(whole),
        indexes: number(row.get("indexes")),
        partitions: number(row.get("partitions")),
        replication: publications.iter().map(|name| format!("publication `{name}` sends its rows")).collect(),
        ..PlanEstimate::default()
    }
}

/// Those whose locks conflict with this one; where it is the lock of what is built concurrently, also the old transactions that
/// such a build waits for.
fn waiting(sessions: &[Row], tree: &[u32], mode: LockMode) -> Vec<PlanSession> {
    let mut found: Vec<PlanSession> = Vec::new();
    for row in sessions {
        let (relation, seconds): (u32, f64) = (row.get("relation"), row.get("seconds"));
        let held = mode_of(row.get("mode")).filter(|_| tree.contains(&relation));
        let is_old = mode == LockMode::ShareUpdateExclusive && seconds >= OLD;
        if !held.is_some_and(|held| held.conflicts_with(mode)) && !is_old {
            continue;
        }
        let pid: i32 = row.get("pid");
        if let Some(known) = found.iter_mut().find(|known| known.pid == pid) {
            let strongest = held.filter(|held| known.mode.as_deref().is_none_or(|it| rank(it) < Some(*held)));
            known.mode = strongest.map(|it| it.sql().to_owned()).or(known.mode.take());
            continue;
        }
        let (application, role): (&str, &str) = (row.get("application"), row.get("role"));
        let who = if role.is_empty() { application.to_owned() } else { format!("{application} as `{role}`") };
        let state = row.get("state");
        found.push(PlanSession { pid, who, state, mode: held.map(|it| it.sql().to_owned()), seconds });
    }
    found.truncate(NAMED);
    found
}

fn rank(sql: &str) -> Option<LockMode> {
    LockMode::ALL.into_iter().find(|mode| mode.sql() == sql)
}

async fn sizes(session: &Session, tables: &[u32]) -> Result<Option<BTreeMap<u32, Option<i64>>>, Error> {
    match session.query(include_str!("../../sql/stats/sizes.sql"), &[(&tables, Type::OID_ARRAY)]).await {
        Ok(rows) => Ok(Some(rows.iter().map(|row| (row.get(0), row.get(1))).collect())),
        Err(error) if error.connection_is_lost() => Err(error),
        Err(error) => {
            tracing::info!("the sizes of tables were not read: {error}");
            Ok(None)
        }
    }
}

/// Who is sent the changes, in words; what a role may not see is left out.
async fn replication(session: &Session) -> Result<Vec<String>, Error> {
    session.batch("savepoint replication").await?;
    let rows = match session.query(include_str!("../../sql/stats/replication.sql"), &[]).await {
        Ok(rows) => rows,
        Err(error) if error.connection_is_lost() => return Err(error),
        Err(error) => {
            tracing::info!("the state of replication was not read: {error}");
            session.batch("rollback to savepoint replication").await?;
            return Ok(Vec::new());
        }
    };
    Ok(rows.iter().map(sentence).collect())
}

fn sentence(row: &Row) -> String {
    let (kind, name, state): (&str, &str, &str) = (row.get("kind"), row.get("name"), row.get("state"));
    let (bytes, seconds): (Option<f64>, Option<f64>) = (row.get("bytes"), row.get("seconds"));
    let behind = bytes.filter(|bytes| *bytes > 0.0).map(|bytes| format!("{} behind", human_bytes(whole(bytes))));
    if kind == "slot" {
        let behind = behind.map(|behind| format!(", its reader is {behind}")).unwrap_or_default();
        return format!("logical slot `{name}` is {state}{behind}: it is sent every row that is written anew");
    }
    let state = if state.is_empty() { String::new() } else { format!(" ({state})") };
    let late = seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .map(|late| format!("{} late", human_duration(late)));
    let lag: Vec<String> = behind.into_iter().chain(late).collect();
    let lag = if lag.is_empty() { "keeps up".to_owned() } else { format!("is {}", lag.join(", ")) };
    format!("replica `{name}`{state} {lag}: it has to follow all that is written, and waits for the locks too")
}

fn number(count: i64) -> usize {
    usize::try_from(count).unwrap_or_default()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an estimate that is not negative")]
fn whole(value: f64) -> u64 {
    value.max(0.0).round() as u64
}
