//! What a run of dbctl said.

use std::fmt;

use dbctl::exit::Exit;

/// Exit code and texts of a run; what is checked of it returns it, so that checks read as one sentence.
#[derive(Clone)]
pub(crate) struct Output {
    /// The exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    /// The answer.
    pub(crate) stdout: String,
    /// Progress, warnings and errors.
    pub(crate) stderr: String,
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\nexit code {:?}\n--- stdout\n{}\n--- stderr\n{}", self.code, self.stdout, self.stderr)
    }
}

impl From<std::process::Output> for Output {
    fn from(output: std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Output {
    /// It ended with this code.
    #[track_caller]
    pub(crate) fn ends(self, exit: Exit) -> Self {
        assert_eq!(self.code, Some(i32::from(exit.code())), "{self}");
        self
    }

    /// It ended well.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.ends(Exit::Ok)
    }

    /// It said this on stderr, however its lines are broken.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(folded(&self.stderr).contains(&folded(words)), "it does not say `{words}`:{self}");
        self
    }

    /// It did not say this on stderr.
    #[track_caller]
    pub(crate) fn never_says(self, words: &str) -> Self {
        assert!(!folded(&self.stderr).contains(&folded(words)), "it says `{words}`:{self}");
        self
    }

    /// It answered this on stdout, however its lines are broken.
    #[track_caller]
    pub(crate) fn answers(self, words: &str) -> Self {
        assert!(folded(&self.stdout).contains(&folded(words)), "it does not answer `{words}`:{self}");
        self
    }

    /// The answer as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}{self}"))
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
