//! The ways back of what is to be rolled back: tried on a shadow, and weighed on the target.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::super::source::{ScopeArgs, until_interrupted};
use super::super::{Cx, steps};
use super::document::Document;
use super::kept::{self, InTrash, in_trash};
use super::rows::Counter;
use super::tried::{Tried, drift, try_back};
use super::way::{Wanted, Way, restoring, way};
use super::weigh::weigh;
use super::{RollbackArgs, decide};
use crate::catalog::Catalog;
use crate::db::catalog::read;
use crate::db::ledger::applied_text;
use crate::db::{Session, Timeouts};
use crate::diagnostic::Diagnostic;
use crate::diff::inverse::{Names, Present, Verdict};
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::{Migration, Set};
use crate::plan::ledger::{Ledger, Row};
use crate::plan::step::Step;
use crate::project::Project;
use crate::report::{BackStep, Target};
use crate::sql::same_but_for_comments;
use crate::text::count;

/// How many objects are named.
const NAMED: usize = 6;

/// What is ready to be run, or to be written.
#[derive(Default)]
pub struct Prepared {
    /// What runs, newest first.
    pub steps: Vec<Step>,
    /// What is known of each way back.
    pub backs: Vec<BackStep>,
    /// The ways back.
    pub ways: Vec<Way>,
    /// The version that stays the newest.
    pub to: Option<String>,
    /// What is to be known of all.
    pub remarks: Vec<String>,
    judge: Option<String>,
    keys: Vec<i64>,
}

impl Prepared {
    /// Down files as they are.
    pub fn of_files(steps: Vec<Step>) -> Self {
        Self { steps, ..Self::default() }
    }

    /// The plan as a document.
    pub fn document<'a>(
        &'a self,
        ledger: &'a Ledger,
        timeouts: &'a Timeouts,
        target: &'a Target,
        now: Timestamp,
    ) -> Document<'a> {
        Document {
            target,
            history: &ledger.rows,
            to: self.to.as_deref(),
            ways: &self.ways,
            timeouts,
            judge: self.judge.as_deref(),
            remarks: &self.remarks,
            now,
        }
    }

    /// The script that brings back what is kept; none where nothing is.
    pub fn restore(&self, target: &Target) -> Option<String> {
        let mut all: Vec<(i64, usize, InTrash)> = Vec::new();
        for (key, way) in self.keys.iter().zip(&self.ways) {
            all.extend(way.kept.iter().map(|it| {
                let one = InTrash {
                    key: *key,
                    newest: self.keys.iter().copied().max().unwrap_or(*key),
                    version: way.view.version.clone(),
                    table: (it.table.schema.clone(), it.table.name.clone()),
                    columns: it.columns.clone(),
                    held: it.held.clone(),
                    restore: it.restore.clone(),
                    is_applied: false,
                };
                (*key, it.order, one)
            }));
        }
        all.sort_by_key(|(key, order, _)| (*key, *order));
        let all: Vec<InTrash> = all.into_iter().map(|(_, _, it)| it).collect();
        (!all.is_empty()).then(|| kept::script(&all, target))
    }

    /// Refuses to run what was not seen to restore the schema, and what is known to fail on the rows that are there.
    pub fn is_sure(&self, target: &Target) -> Result<(), Failure> {
        let failing: Vec<&BackStep> =
            self.backs.iter().filter(|it| it.proved && it.fails_on.iter().any(|on| on.rows.is_some())).collect();
        if !failing.is_empty() {
            let mut diagnostic =
                Diagnostic::error("rollback/fails-on-rows", format!("{} on rows that are there", fail(failing.len())));
            for back in failing {
                let all = back.fails_on.iter().filter(|on| on.rows.is_some());
                diagnostic = all.fold(diagnostic, |it, on| {
                    it.note(format!("`{}_{}` fails {}", back.version, back.name, on.decide))
                });
            }
            let diagnostic = diagnostic
                .note(format!("nothing was rolled back on `{}`", target.name))
                .help("change those rows, and run the same command again");
            return Err(Failure::new(Exit::Refused, diagnostic));
        }
        let unproved: Vec<&BackStep> = self.backs.iter().filter(|it| !it.proved).collect();
        if unproved.is_empty() && self.steps.len() == self.ways.len() {
            return Ok(());
        }
        let mut diagnostic = Diagnostic::error("rollback/not-proved", format!("{} proved", not(unproved.len())));
        for back in unproved {
            diagnostic = diagnostic.note(format!("`{}_{}`: {}", back.version, back.name, back.remarks.join("; ")));
        }
        let diagnostic = diagnostic
            .note(format!("nothing was rolled back on `{}`", target.name))
            .help("look at the plan and decide: `dbctl rollback --plan --keep-data -o back.sql`");
        Err(Failure::new(Exit::Refused, diagnostic))
    }

    /// Says before anything runs what is kept and does not come back by itself.
    pub fn warn(&self, cx: &Cx) {
        let losses = self.backs.iter().flat_map(|back| &back.losses);
        for loss in losses.filter(|loss| loss.kept_in.is_some()) {
            let Some(why) = &loss.not_restored else { continue };
            let column = loss.column.as_ref().map(|column| format!(".{column}")).unwrap_or_default();
            let kept = loss.kept_in.as_deref().unwrap_or_default();
            cx.terminal.diagnostic(
                &Diagnostic::warning(
                    "rollback/kept-for-good",
                    format!("{}{column} is kept in {kept}, but does not come back by `--restore`", loss.table),
                )
                .note(why.clone())
                .help("give the table a key first, or bring the values back by hand"),
            );
        }
    }
}

fn fail(count_of: usize) -> String {
    if count_of == 1 { "1 way back fails".to_owned() } else { format!("{count_of} ways back fail") }
}

fn not(count_of: usize) -> String {
    if count_of == 1 { "1 way back is not".to_owned() } else { format!("{count_of} ways back are not") }
}

/// Tries the ways back on a shadow, and looks at the target for what they are about.
pub async fn prepare(
    cx: &Cx,
    (project, set): (&Project, &Set),
    (session, target): (&Session, &Target),
    ledger: &Ledger,
    args: &RollbackArgs,
) -> Result<Prepared, Failure> {
    let rows = decide::pick(set, ledger, args, target)?;
    if rows.is_empty() {
        return Ok(Prepared::default());
    }
    if let Some(partial) = rows.iter().filter_map(|row| ledger.partial(row.key)).find(|it| it.down) {
        return Err(decide::begun_by_file(partial, target));
    }
    let gone: Vec<&Row> = rows.iter().copied().filter(|row| set.by_key(row.key).is_none()).collect();
    if !gone.is_empty() {
        return Err(decide::files_gone(&gone, target));
    }
    let keys: BTreeSet<i64> = rows.iter().map(|row| row.key).collect();
    let files: Vec<(&Row, &Migration)> = rows.iter().filter_map(|row| Some((*row, set.by_key(row.key)?))).collect();
    let tried = Box::pin(until_interrupted(cx, project, try_back(cx, (project, set), &keys))).await;
    let has_all = || files.iter().all(|(_, file)| matches!(steps::down(file), Ok(Some(_)))) && !args.keep_data;
    let tried = match tried {
        Ok(tried) => Some(tried),
        Err(failure) if failure.exit != Exit::Interrupted && has_all() => {
            say_unproved(cx, &failure);
            None
        }
        Err(failure) => return Err(failure),
    };
    let stamp = stamp(cx.now());
    let server_version = tried.as_ref().map(|it| it.server_version.clone());
    let nothing = Catalog::default();
    let catalog = tried.as_ref().map_or(&nothing, |it| &it.left);
    let newest = keys.last().copied().unwrap_or_default();
    // What things are called now, by what they are called after each migration.
    let mut now = Names::default();
    let trash = in_trash(session).await?;
    let mut counter = Counter::new(session);
    let mut prepared = Prepared { judge: server_version.clone(), to: stays(ledger, &keys), ..Prepared::default() };
    if let Some(tried) = &tried {
        prepared.remarks.extend(drifted(project, session, (set, ledger), &keys, tried).await?);
    }
    for (row, file) in files {
        let walked = tried.as_ref().and_then(|it| it.walked.get(&row.key));
        let wanted = Wanted {
            prefer_files: args.prefer_files,
            keep: args.keep_data.then_some(stamp.as_str()),
            present: Present { catalog, names: &now, newest },
            server_version: server_version.as_deref().unwrap_or_default(),
        };
        let mut way = way(file, walked, wanted)?;
        if is_other(session, row, file).await? {
            // What was tried is not what was applied.
            way.view.proved = false;
            way.view.verdict = Verdict::NotReversible;
            way.view.remarks.insert(
                0,
                "its file is another than the one that was applied here: what takes back the one may not take back the other"
                    .to_owned(),
            );
        }
        restoring(&mut way, file, &trash)?;
        weigh(&mut way, &mut counter, &now).await;
        now = way.back.back().then(&now);
        prepared.steps.extend(way.step.clone());
        prepared.backs.push(way.view.clone());
        prepared.keys.push(row.key);
        prepared.ways.push(way);
    }
    Ok(prepared)
}

/// Whether a file says something else than what was applied.
async fn is_other(session: &Session, row: &Row, file: &Migration) -> Result<bool, Failure> {
    if row.sha256.as_ref().is_none_or(|applied| *applied == file.checksum.as_str()) {
        return Ok(false);
    }
    let applied = applied_text(session, row.key).await?;
    Ok(!applied.is_some_and(|applied| same_but_for_comments(&applied, &file.normalised())))
}

/// The newest version that stays.
fn stays(ledger: &Ledger, keys: &BTreeSet<i64>) -> Option<String> {
    ledger.rows.iter().rev().find(|row| !keys.contains(&row.key)).map(|row| format!("{}_{}", row.version, row.name))
}

/// Where the target is not what its migrations leave, the proof was of something else.
async fn drifted(
    project: &Project,
    session: &Session,
    (set, ledger): (&Set, &Ledger),
    keys: &BTreeSet<i64>,
    tried: &Tried,
) -> Result<Option<String>, Failure> {
    let last = keys.last().copied().unwrap_or_default();
    let is_applied = |key: i64| ledger.row(key).is_some();
    let is_prefix = set.migrations.iter().all(|it| is_applied(it.version.key()) == (it.version.key() <= last));
    if !is_prefix || tried.walked.len() < keys.len() {
        return Ok(None);
    }
    let scope = ScopeArgs::default().scope(project);
    let there = read(session, |id| scope.contains(id)).await?;
    let differs = drift(&there, &tried.left);
    if differs.is_empty() {
        return Ok(None);
    }
    let more = differs.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let named = differs.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    Ok(Some(format!(
        "this database is not what its migrations leave ({} by `dbctl diff`): {named}{more}. The proof was made without \
         that",
        count(differs.len(), "difference")
    )))
}

fn say_unproved(cx: &Cx, failure: &Failure) {
    let mut diagnostic =
        Diagnostic::warning("rollback/not-proved", "the down files were not tried: no shadow database can be had");
    for said in &failure.diagnostics {
        diagnostic = diagnostic.caused_by(said.title.clone());
    }
    cx.terminal.diagnostic(
        &diagnostic
            .note("no database was changed")
            .help("name a server for shadows: `[shadow] url` in dbctl.toml, or DBCTL_SHADOW_URL"),
    );
}

/// Tells this time from others, in few letters.
fn stamp(now: Timestamp) -> String {
    let mut left = u64::try_from(now.as_second()).unwrap_or_default();
    let mut letters = Vec::new();
    while left > 0 {
        letters.push(char::from_digit(u32::try_from(left % 36).unwrap_or_default(), 36).unwrap_or('0'));
        left /= 36;
    }
    letters.iter().rev().collect()
}
