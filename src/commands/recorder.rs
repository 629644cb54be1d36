//! Hands each event of a run to its consumers: the journal, and the terminal, which shows progress or JSON lines.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use crate::report::{Event, RunMeta, Stamped};
use crate::state::{self, Run, StateDir};
use crate::terminal::{Progress, Terminal};

/// The consumers of one run's events.
pub struct Recorder {
    progress: Progress,
    run: Run,
    events: Vec<Stamped>,
    /// The first thing that went wrong with the journal; the run itself goes on.
    trouble: Option<state::Error>,
}

/// A recorder that the engine and the command share.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<Recorder>>);

impl Shared {
    /// Begins a run in the state directory.
    pub fn begin(terminal: &Terminal, state: &StateDir, meta: &RunMeta) -> Result<Self, state::Error> {
        let recorder = Recorder {
            progress: terminal.progress(),
            run: Run::begin(state, meta)?,
            events: Vec::new(),
            trouble: None,
        };
        Ok(Self(Arc::new(Mutex::new(recorder))))
    }

    /// Records one event.
    pub fn event(&self, event: Event) {
        self.with(|recorder| {
            let stamped = Stamped { at: Timestamp::now(), event };
            let written = recorder.run.event(&stamped);
            recorder.keep(written);
            recorder.progress.event(&stamped);
            recorder.events.push(stamped);
        });
    }

    /// Writes to the run's folder.
    pub fn write(&self, write: impl FnOnce(&mut Run) -> Result<(), state::Error>) {
        self.with(|recorder| {
            let written = write(&mut recorder.run);
            recorder.keep(written);
        });
    }

    /// Ends the run: the bar is cleared, the report written; an error is the first that the state directory had.
    pub fn finish(self) -> Result<(), state::Error> {
        let Ok(recorder) = Arc::try_unwrap(self.0).map_err(|_| ()).and_then(|mutex| mutex.into_inner().map_err(|_| ()))
        else {
            return Ok(());
        };
        if let Err(error) = recorder.progress.finish() {
            tracing::debug!(%error, "the events could not be written to stdout");
        }
        let finished = recorder.run.finish(&recorder.events);
        match recorder.trouble {
            Some(error) => Err(error),
            None => finished.map(|_| ()),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Recorder) -> T) -> Option<T> {
        self.0.lock().ok().map(|mut recorder| work(&mut recorder))
    }
}

impl Recorder {
    fn keep(&mut self, written: Result<(), state::Error>) {
        if let Err(error) = written {
            self.trouble.get_or_insert(error);
        }
    }
}
