//! A plan as the migrations of a project: a file a part, and what takes each back.

use super::Plan;
use super::parts::{Part, parts};
use super::script::{alone, in_transactions, makes_routines, one_line};
use super::step::Step;

/// What the runner of migrations takes for a file that runs outside a transaction.
const NO_TRANSACTION: &str = "-- dbctl: no-transaction\n";

/// What a migration says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Heading<'a> {
    /// What it is called.
    pub title: &'a str,
    /// Where it begins and where it leads, as the command line says it.
    pub way: (&'a str, &'a str),
    /// Its number among those that are written together, from 1, and how many they are.
    pub number: (usize, usize),
    /// What is known to be wrong with it.
    pub warning: Option<&'a str>,
}

/// The text of a migration that does what a part of a plan does.
pub fn up(heading: &Heading<'_>, part: &Part<'_>) -> String {
    let (from, to) = heading.way;
    let mut text = format!("-- Migration: {}\n", one_line(heading.title));
    text.push_str(&format!("-- From `{}` to `{}`, by dbctl diff", one_line(from), one_line(to)));
    let (number, all) = heading.number;
    text.push_str(&if all > 1 { format!("; part {number} of {all}.\n") } else { ".\n".to_owned() });
    if let Some(warning) = heading.warning {
        text.push_str(&format!("-- NOT PROVED: {}\n", one_line(warning)));
    }
    if !part.in_transaction {
        text.push_str(NO_TRANSACTION);
    }
    text.push('\n');
    text.push_str(&alone(part));
    text
}

/// The text of what takes a part of a plan back; what cannot come back is said.
pub fn down(heading: &Heading<'_>, part: &Part<'_>, back: &Plan, warning: Option<&str>) -> String {
    let mut text = format!("-- Takes back: {}", one_line(heading.title));
    let (number, all) = heading.number;
    text.push_str(&if all > 1 { format!("; part {number} of {all}.\n") } else { ".\n".to_owned() });
    let losses = part.steps.iter().flat_map(|step| &step.hazards);
    for loss in losses.filter(|hazard| hazard.kind == crate::risk::HazardKind::DataLoss) {
        text.push_str(&format!("-- cannot restore: {}\n", one_line(&loss.text)));
    }
    if let Some(warning) = warning {
        text.push_str(&format!("-- NOT PROVED: {}\n", one_line(warning)));
    }
    text + &body(&back.steps)
}

/// The text of a generated way back: what is said of it, and its statements.
pub fn way_back(said: &[String], steps: &[Step]) -> String {
    let lines: Vec<String> = said.iter().map(|line| format!("-- {}\n", one_line(line))).collect();
    lines.concat() + &body(steps)
}

/// Statements as a file that the runner of migrations runs as they have to run.
fn body(steps: &[Step]) -> String {
    if steps.is_empty() {
        return "-- There is nothing that could be taken back.\n".to_owned();
    }
    let mut text = String::new();
    let parts = parts(steps);
    match parts.as_slice() {
        [one] => {
            if !one.in_transaction {
                text.push_str(NO_TRANSACTION);
            }
            text.push('\n');
            text.push_str(&alone(one));
        }
        several => {
            text.push_str(NO_TRANSACTION);
            text.push('\n');
            if makes_routines(steps) {
                text.push_str("set check_function_bodies = off;\n");
            }
            text.push_str(&in_transactions(several));
        }
    }
    text
}
