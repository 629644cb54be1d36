//! The views for people: a table or a list, remarks, and a sentence at the end. One file a view.

mod diff;
mod lint;
mod migrate;
mod plan;
mod plan_trace;
mod rls;
mod rollback;
mod rules;
mod runs;
mod status;
mod verify;

use std::fmt::Write;

use jiff::Timestamp;
use serde::Serialize;

pub use self::lint::statistics;
use super::style::{Role, clean};
use crate::report::Outcome;
use crate::text::count;

/// What a cell shows where there is nothing.
const NOTHING: &str = "-";

/// A view that can be shown to people as well as be serialised.
pub trait Human: Serialize {
    /// The text, with colours; `width` is the terminal's in columns, none where the output is no terminal.
    fn human(&self, width: Option<u16>) -> String;
}

/// A time in UTC to the minute, such as `2026-11-21 10:31`.
fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Adds remarks as lines of their own.
fn remarks(out: &mut String, remarks: &[String]) {
    for remark in remarks {
        line(out, &format!("{} {}", Role::Help.paint("note:"), clean(remark)));
    }
}

/// Adds a line.
fn line(out: &mut String, text: &str) {
    let _never = writeln!(out, "{}", text.trim_end());
}

/// Adds the last sentence, with an empty line before it where something stands above.
fn sentence(out: &mut String, role: Role, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    line(out, &role.paint(text));
}

/// How a run ended, as a word and its colour.
fn outcome(outcome: Outcome) -> (&'static str, Role) {
    match outcome {
        Outcome::Done => ("done", Role::Success),
        Outcome::NothingToDo => ("nothing to do", Role::Plain),
        Outcome::Failed => ("failed", Role::Error),
        Outcome::Partial => ("partly applied", Role::Error),
        Outcome::Refused => ("refused", Role::Warning),
        Outcome::Interrupted => ("interrupted", Role::Warning),
    }
}

/// ``Nothing to do: all 12 migrations are applied to `local`.``
fn nothing_to_do(applied: usize, target: &str) -> String {
    match applied {
        0 => "Nothing to do: there are no migrations.".to_owned(),
        1 => format!("Nothing to do: the only migration is applied to `{target}`."),
        n => format!("Nothing to do: all {} are applied to `{target}`.", count(n, "migration")),
    }
}

#[cfg(test)]
mod fixtures;
