//! Reading the runs back: the list, one run, and the run that ended without a result.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use serde::Deserialize;

use super::layout::shown;
use super::run::{EVENTS, EVENTS_FORMAT, META, is_running};
use super::{Error, Operation, StateDir, files};
use crate::report::{Event, Outcome, RunMeta, RunSummary, Runs, Stamped};
use crate::text::count;

const META_FORMAT: &str = "dbctl/run/v1";
const RUNS_FORMAT: &str = "dbctl/runs/v1";

/// The last event of a run stands within these last bytes of its journal, unless its line is longer.
const TAIL: u64 = 16 * 1024;

/// A run's folder as it was found.
struct Found {
    folder: String,
    meta: Option<RunMeta>,
}

impl StateDir {
    /// Every run, newest first. What cannot be read becomes a remark that names the file.
    pub fn list(&self) -> Result<Runs, Error> {
        let mut remarks = Vec::new();
        let found = self.found(&mut remarks)?;
        let summaries = found.iter().filter_map(|one| one.meta.as_ref().map(|meta| (one, meta)));
        let mut runs: Vec<_> = summaries.map(|(one, meta)| self.summary(&one.folder, meta, &mut remarks)).collect();
        runs.sort_by(|a, b| b.started_at.cmp(&a.started_at).then_with(|| b.run.cmp(&a.run)));
        Ok(Runs { format: RUNS_FORMAT, runs, shown: None, events: Vec::new(), remarks })
    }

    /// One run with its events, by its id, its folder's name, or enough of either; the end of the id will do too.
    pub fn show(&self, id: &str) -> Result<Runs, Error> {
        let mut remarks = Vec::new();
        let found = self.found(&mut Vec::new())?;
        let one = pick(&found, id, &self.runs())?;
        let Some(meta) = &one.meta else {
            return Err(self
                .meta(&one.folder)
                .err()
                .unwrap_or_else(|| Error::NoSuchRun { id: id.to_owned(), path: self.runs() }));
        };
        let events = self.events(&one.folder, &mut remarks);
        let summary = summarise(&one.folder, meta, &events, is_running(&self.runs().join(&one.folder)));
        Ok(Runs { format: RUNS_FORMAT, runs: vec![summary], shown: Some(meta.clone()), events, remarks })
    }

    /// The newest run whose process is gone and that left no result, unless a later run on the same database has one.
    pub fn unfinished(&self) -> Result<Option<RunSummary>, Error> {
        let runs = self.list()?.runs;
        let settled =
            |at: usize| runs[..at].iter().any(|later| later.outcome.is_some() && later.target == runs[at].target);
        let at = runs.iter().enumerate().position(|(at, run)| run.outcome.is_none() && !run.running && !settled(at));
        Ok(at.map(|at| runs[at].clone()))
    }

    /// The folders of the runs with what their meta.json says.
    fn found(&self, remarks: &mut Vec<String>) -> Result<Vec<Found>, Error> {
        let runs = self.runs();
        let list = match fs::read_dir(&runs) {
            Ok(list) => list,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::io(Operation::List, &runs)(error)),
        };
        let folders = list.flatten().filter(|entry| entry.path().is_dir());
        let mut folders: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        folders.sort();
        Ok(folders
            .into_iter()
            .map(|folder| {
                let meta = self.meta(&folder).map_err(|error| remarks.push(error.to_string())).ok();
                Found { folder, meta }
            })
            .collect())
    }

    fn meta(&self, folder: &str) -> Result<RunMeta, Error> {
        let path = self.runs().join(folder).join(META);
        let Some(text) = files::read(&path)? else {
            return Err(Error::io(Operation::Read, &path)(ErrorKind::NotFound.into()));
        };
        let meta: RunMeta =
            serde_json::from_str(&text).map_err(|source| Error::Damaged { path: path.clone(), source })?;
        if meta.format == META_FORMAT {
            Ok(meta)
        } else {
            Err(Error::UnknownFormat { path, found: meta.format, expected: META_FORMAT })
        }
    }

    fn events(&self, folder: &str, remarks: &mut Vec<String>) -> Vec<Stamped> {
        let path = self.runs().join(folder).join(EVENTS);
        match files::read(&path) {
            Ok(Some(text)) => parse(&text, &format!("{}/{EVENTS}", shown(folder)), remarks),
            Ok(None) => {
                remarks.push(format!("`{}/{EVENTS}` is missing", shown(folder)));
                Vec::new()
            }
            Err(error) => {
                remarks.push(error.to_string());
                Vec::new()
            }
        }
    }

    fn summary(&self, folder: &str, meta: &RunMeta, remarks: &mut Vec<String>) -> RunSummary {
        let path = self.runs().join(folder);
        match last_event(&path.join(EVENTS)) {
            Some(last @ Stamped { event: Event::RunFinished { .. }, .. }) => summarise(folder, meta, &[last], false),
            _ => summarise(folder, meta, &self.events(folder, remarks), is_running(&path)),
        }
    }
}

/// The last event of a journal, read from its end; none where that line is no event.
fn last_event(path: &Path) -> Option<Stamped> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).ok()?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).ok()?;
    let line = tail.trim_ascii_end().rsplit(|byte| *byte == b'\n').next()?;
    serde_json::from_slice(line).ok()
}

/// Reads a journal; lines that are no events become one remark a file.
fn parse(text: &str, name: &str, remarks: &mut Vec<String>) -> Vec<Stamped> {
    #[derive(Deserialize)]
    struct Header {
        format: String,
    }
    let mut events = Vec::new();
    let mut bad = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let readable = if index == 0 {
            serde_json::from_str::<Header>(line).is_ok_and(|header| header.format == EVENTS_FORMAT)
        } else {
            serde_json::from_str(line).map(|event| events.push(event)).is_ok()
        };
        if !readable {
            bad.push(index + 1);
        }
    }
    if let Some(first) = bad.first() {
        remarks.push(format!(
            "`{name}:{first}` could not be read ({} in all); the rest is shown",
            count(bad.len(), "line")
        ));
    }
    events
}

fn summarise(folder: &str, meta: &RunMeta, events: &[Stamped], running: bool) -> RunSummary {
    let finished = events.iter().rev().find_map(|stamped| match &stamped.event {
        Event::RunFinished { outcome, migrations, ms } => Some((*outcome, *migrations, *ms)),
        _ => None,
    });
    let counted = || events.iter().filter(|one| matches!(one.event, Event::MigrationFinished { .. })).count();
    let outcome: Option<Outcome> = finished.map(|(outcome, ..)| outcome);
    RunSummary {
        run: meta.run.clone(),
        folder: shown(folder),
        command: meta.command.clone(),
        started_at: meta.started_at,
        target: meta.target.name.clone(),
        outcome,
        running: running && outcome.is_none(),
        migrations: finished.map_or_else(counted, |(_, migrations, _)| migrations),
        ms: finished.map(|(.., ms)| ms),
    }
}

/// The run that `id` names: exactly, else the only one that begins with it or whose id ends with it.
fn pick<'a>(found: &'a [Found], id: &str, runs: &Path) -> Result<&'a Found, Error> {
    let wanted = id.trim().trim_end_matches('/');
    let wanted = wanted.rsplit('/').next().unwrap_or(wanted).to_ascii_lowercase();
    let name = |one: &Found| one.meta.as_ref().map(|meta| meta.run.to_ascii_lowercase()).unwrap_or_default();
    let exact = |one: &&Found| one.folder.eq_ignore_ascii_case(&wanted) || name(one) == wanted;
    let near = |one: &&Found| {
        let folder = one.folder.to_ascii_lowercase();
        folder.starts_with(&wanted) || folder.ends_with(&wanted) || name(one).starts_with(&wanted)
    };
    let missing = || Error::NoSuchRun { id: id.to_owned(), path: runs.to_owned() };
    if wanted.is_empty() {
        return Err(missing());
    }
    if let Some(one) = found.iter().find(exact) {
        return Ok(one);
    }
    let matches: Vec<&Found> = found.iter().filter(near).collect();
    match matches[..] {
        [] => Err(missing()),
        [one] => Ok(one),
        _ => Err(Error::AmbiguousRun {
            id: id.to_owned(),
            folders: matches.iter().map(|one| one.folder.clone()).collect(),
        }),
    }
}
