//! A way back, weighed on the target: how many rows it is about at this moment, which of them it fails on, and how large is
//! what it locks.

use super::rows::{Counter, rows_said};
use super::way::Way;
use crate::diff::inverse::{By, Loss, Names, Verdict, counted_beyond, verdict};
use crate::report::{BackLoss, BackRefusal, BackSource};
use crate::text::{bare_ident, quote_literal};

/// Counts the rows that a way back is about, and looks how large is what it locks; `now` is what things are called at the
/// moment.
pub(super) async fn weigh(way: &mut Way, counter: &mut Counter<'_>, now: &Names) {
    for (loss, view) in way.losses.iter().zip(&mut way.view.losses) {
        if let Some(count) = &loss.count {
            let (query, relation) = count.query(now);
            (view.rows, view.estimated) = counter.count(&query, &relation).await;
        }
    }
    refused(way, now);
    for column in &way.counters {
        let there = now.id(column);
        let (last, is_estimate) = counter.count(&counted_beyond(&there), &there.qualified()).await;
        let Some(last) = last.filter(|it| *it > 0 && !is_estimate) else { continue };
        way.view.losses.push(BackLoss {
            table: column.qualified(),
            column: Some(column.part.clone()),
            by: By::Down,
            why: format!("that it has counted to {last}, which is beyond its last row: the way back destroys it"),
            rows: None,
            estimated: false,
            kept_in: None,
            not_restored: None,
        });
    }
    if !way.zoned.is_empty() {
        let columns: Vec<String> = way
            .zoned
            .iter()
            .map(|id| now.id(id))
            .map(|id| format!("{}.{}", id.qualified(), bare_ident(&id.part)))
            .collect();
        let zone = counter.zone().await.map(|zone| format!(", `{zone}` here now")).unwrap_or_default();
        way.view.remarks.push(format!(
            "values of {} are turned by the TimeZone of the session that runs it{zone}: where the migration ran in another \
             one they come back shifted; decide, and say it: `alter column … type … using … at time zone 'ZONE'`",
            columns.join(", ")
        ));
    }
    for (table, why) in &way.wants_empty {
        let relation = now.id(table).qualified();
        let query = format!("select count(*) from (select from {relation} limit 1) as it");
        // What cannot be counted may have rows.
        if counter.count(&query, &relation).await.0 != Some(0) {
            way.view.verdict = Verdict::NotReversible;
            way.view.remarks.push(format!(
                "it fails as long as {relation} has rows: {why}; decide which values they get, and put them into the script \
                 (`add column … default …`, then `alter column … drop default`)"
            ));
        }
    }
    for lock in &mut way.view.locks {
        let relation =
            way.locked.get(&lock.relation).map_or_else(|| lock.relation.clone(), |id| now.id(id).qualified());
        if let Some(size) = counter.size(&relation).await {
            lock.rows = size.rows;
            lock.bytes = Some(size.bytes);
        }
    }
}

/// Values that the schema before does not have: no row has them, or a person has to decide what they become.
fn refused(way: &mut Way, now: &Names) {
    let losses = std::mem::take(&mut way.losses);
    let views = std::mem::take(&mut way.view.losses);
    let is_generated = way.view.source == BackSource::Generated;
    let step = format!("{}_{}", way.view.version, way.view.name);
    for (loss, view) in losses.into_iter().zip(views) {
        let (Some(values), Some(count)) = (&loss.refused, &loss.count) else {
            way.losses.push(loss);
            way.view.losses.push(view);
            continue;
        };
        let column = count.column(now);
        let rows = view.rows.filter(|_| !view.estimated);
        if rows == Some(0) {
            way.view.remarks.push(format!("no row of {column} has {values} now: it fails where one has when it runs"));
        } else if is_generated {
            let (relation, condition) = (count.query(now).1, count.condition(now));
            let held = match rows {
                Some(rows) => {
                    format!("while {} of {column} hold{} {values}", rows_said(rows), if rows == 1 { "s" } else { "" })
                }
                None => format!("where rows of {column} hold {values} (they could not be counted)"),
            };
            let short = column.rsplit_once('.').map_or(column.as_str(), |(_, short)| short);
            let decide = format!(
                "{held}: decide what they become, and change them before: `update {relation} set {short} = … where \
                 {condition}`"
            );
            way.view.fails_on.push(BackRefusal { of: column, rows, decide });
        } else {
            way.losses.push(loss);
            way.view.losses.push(view);
            continue;
        }
        if is_generated {
            way.guards.push(guard(&loss, values, &step));
        }
    }
    if !way.view.proved {
        return;
    }
    way.view.verdict = if way.view.fails_on.is_empty() {
        verdict(true, &way.losses, &way.view.data_steps)
    } else {
        Verdict::NotReversible
    };
    // What a file makes of them, nobody has looked at.
    if way.view.verdict == Verdict::Exact && way.losses.iter().any(|loss| loss.refused.is_some()) {
        way.view.verdict = Verdict::DataLost;
    }
}

/// Stops a script before a step that would fail, with words that say why.
fn guard(loss: &Loss, values: &str, step: &str) -> String {
    let (Some(count), none) = (&loss.count, Names::default()) else { return String::new() };
    let (column, relation) = (count.column(&none), count.query(&none).1);
    let message =
        format!("rows of {column} hold {values}: decide what they become; nothing of step {step} was rolled back");
    format!(
        "do $dbctl$\nbegin\n  if exists (select from {relation} where {}) then\n    raise exception using message = {};\n  \
         end if;\nend\n$dbctl$;\n",
        count.condition(&none),
        quote_literal(&message),
    )
}
