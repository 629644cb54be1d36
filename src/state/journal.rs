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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::Run;
    use super::super::fixtures::{failed_run, finished, meta};
    use super::*;

    const OLD: &str = "0193a1b2-1c00-7abc-8def-000000000001";
    const NEW: &str = "0193a1b2-1c01-7abc-8def-000000000002";

    /// Begins a run and records these events; the run goes on until it is dropped.
    fn run(project: &Path, id: &str, at: &str, events: &[Stamped]) -> Run {
        let mut run = Run::begin(&StateDir::create(project).unwrap(), &meta(id, at)).unwrap();
        for event in events {
            run.event(event).unwrap();
        }
        run
    }

    #[test]
    fn reads_back_what_was_written_newest_first() {
        let project = tempfile::tempdir().unwrap();
        let events = failed_run();
        run(project.path(), OLD, "2026-11-21T10:31:07Z", &events).finish(&events).unwrap();
        let done = [finished(Outcome::Done, 3)];
        run(project.path(), NEW, "2026-11-21T10:32:07Z", &done).finish(&done).unwrap();
        let state = StateDir::open(project.path());
        let list = state.list().unwrap();
        assert_eq!(list.remarks, Vec::<String>::new());
        assert_eq!(list.runs.iter().map(|run| run.run.as_str()).collect::<Vec<_>>(), [NEW, OLD]);
        assert_eq!((list.runs[1].outcome, list.runs[1].migrations), (Some(Outcome::Failed), 1));
        assert_eq!(list.runs[1].folder, ".dbctl/runs/20261121T103107Z-00000001");
        let shown = state.show(OLD).unwrap();
        assert_eq!(shown.events, events);
        assert_eq!(shown.shown, Some(meta(OLD, "2026-11-21T10:31:07Z")));
        assert_eq!(shown.runs, [list.runs[1].clone()]);
    }

    #[test]
    fn finds_a_run_by_any_name_that_is_enough() {
        let project = tempfile::tempdir().unwrap();
        drop(run(project.path(), OLD, "2026-11-21T10:31:07Z", &[]));
        drop(run(project.path(), NEW, "2026-11-22T10:31:07Z", &[]));
        let state = StateDir::open(project.path());
        let found = |id: &str| state.show(id).map(|runs| runs.runs[0].run.clone());
        for id in [OLD, "0193a1b2-1c00", "20261121", "00000001", ".dbctl/runs/20261121T103107Z-00000001/"] {
            assert_eq!(found(id).unwrap(), OLD, "{id}");
        }
        assert!(matches!(found("0193a1b2"), Err(Error::AmbiguousRun { folders, .. }) if folders.len() == 2));
        assert!(matches!(found("ffff"), Err(Error::NoSuchRun { .. })));
        assert!(matches!(found(""), Err(Error::NoSuchRun { .. })));
    }

    #[test]
    fn tells_a_run_that_goes_on_from_one_that_was_killed() {
        let project = tempfile::tempdir().unwrap();
        let state = StateDir::open(project.path());
        assert_eq!(state.unfinished().unwrap(), None);
        let going = run(project.path(), OLD, "2026-11-21T10:31:07Z", &failed_run()[..5]);
        assert!(state.list().unwrap().runs[0].running);
        assert_eq!(state.unfinished().unwrap(), None);
        drop(going);
        let killed = state.unfinished().unwrap().unwrap();
        assert_eq!((killed.run.as_str(), killed.outcome, killed.running, killed.migrations), (OLD, None, false, 1));
        let done = [finished(Outcome::Done, 1)];
        run(project.path(), NEW, "2026-11-21T10:32:07Z", &done).finish(&done).unwrap();
        assert_eq!(state.unfinished().unwrap(), None, "a later run on the same database settled it");
    }

    #[test]
    fn reports_what_is_damaged_and_lists_the_rest() {
        let project = tempfile::tempdir().unwrap();
        drop(run(project.path(), OLD, "2026-11-21T10:31:07Z", &failed_run()[..5]));
        let state = StateDir::open(project.path());
        let journal = state.runs().join("20261121T103107Z-00000001").join(EVENTS);
        let mut file = fs::OpenOptions::new().append(true).open(journal).unwrap();
        file.write_all(b"{\"at\":\"2026-11-21T10:31:08Z\",\"eve\n\xff\n").unwrap();
        for (folder, text) in [("a", Some("{")), ("b", None), ("c", Some(r#"{"format":"dbctl/run/v9"}"#))] {
            fs::create_dir(state.runs().join(folder)).unwrap();
            if let Some(text) = text {
                fs::write(state.runs().join(folder).join(META), text).unwrap();
            }
        }
        fs::write(state.runs().join("a file"), "").unwrap();
        let list = state.list().unwrap();
        assert_eq!(list.runs.len(), 1);
        assert_eq!(list.runs[0].migrations, 1);
        assert_eq!(list.remarks.len(), 4, "{:#?}", list.remarks);
        assert_eq!(
            list.remarks[3],
            "`.dbctl/runs/20261121T103107Z-00000001/events.jsonl:7` could not be read (2 lines in all); the rest is shown"
        );
        assert_eq!(state.show(OLD).unwrap().events.len(), 5);
        assert!(matches!(state.show("a"), Err(Error::Damaged { .. })));
    }

    #[test]
    fn finds_nothing_where_there_is_no_state_directory() {
        let project = tempfile::tempdir().unwrap();
        let list = StateDir::open(project.path()).list().unwrap();
        assert!(list.runs.is_empty() && list.remarks.is_empty());
        assert!(fs::read_dir(project.path()).unwrap().next().is_none(), "reading makes nothing");
    }
}
