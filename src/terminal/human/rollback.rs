//! `dbctl rollback` for people.

use comfy_table::Cell;

use super::{Human, NOTHING, remarks, sentence};
use crate::report::{Outcome, Rollback, RolledBack, short_run};
use crate::terminal::progress::duration;
use crate::terminal::style::{Role, clean};
use crate::terminal::table::table;
use crate::text::count;

impl Human for Rollback {
    fn human(&self, width: Option<u16>) -> String {
        let mut out = String::new();
        if !self.rolled_back.is_empty() {
            out = table(&["VERSION", "NAME", "FILE", "TIME"], self.rolled_back.iter().map(row), 1, width);
        }
        if !self.remarks.is_empty() && !out.is_empty() {
            out.push('\n');
        }
        remarks(&mut out, &self.remarks);
        let (role, text) = last(self);
        sentence(&mut out, role, &text);
        out
    }
}

fn row(one: &RolledBack) -> Vec<Cell> {
    vec![
        Cell::new(&one.version),
        Cell::new(clean(&one.name)),
        Cell::new(clean(&one.path)),
        Cell::new(one.ms.map_or_else(|| NOTHING.to_owned(), duration)),
    ]
}

fn last(view: &Rollback) -> (Role, String) {
    let name = &view.target.name;
    let migrations = count(view.rolled_back.len(), "migration");
    if let Some(script) = &view.script {
        let text = format!("Wrote the rollback of {migrations} of `{name}` to `{script}`; nothing was run.");
        return (Role::Success, text);
    }
    let done = format!("Rolled back {migrations} of `{name}`");
    let run = view.run.as_deref().map(|id| format!(" (run {})", short_run(id))).unwrap_or_default();
    let took = duration(view.ms);
    match view.outcome {
        Outcome::Done => (Role::Success, format!("{done} in {took}{run}.")),
        Outcome::NothingToDo => (Role::Plain, format!("Nothing to do: no migration of `{name}` is to be rolled back.")),
        Outcome::Failed => {
            (Role::Error, format!("{done} in {took}, then a down file failed and changed nothing{run}."))
        }
        Outcome::Partial => {
            (Role::Error, format!("{done} in {took}, then a down file failed and stays partly applied{run}."))
        }
        Outcome::Refused => (Role::Error, format!("Refused: nothing of `{name}` was rolled back.")),
        Outcome::Interrupted => {
            (Role::Warning, format!("{done} in {took}, then interrupted; the down file that ran changed nothing{run}."))
        }
    }
}
