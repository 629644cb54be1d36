//! `dbctl migrate` for people.

use comfy_table::Cell;

use super::{Human, nothing_to_do, remarks, sentence};
use crate::report::{Applied, Migrate, Outcome, short_run};
use crate::terminal::progress::duration;
use crate::terminal::style::{Role, clean};
use crate::terminal::table::table;
use crate::text::count;

impl Human for Migrate {
    fn human(&self, width: Option<u16>) -> String {
        let mut out = String::new();
        if !self.applied.is_empty() {
            out = table(&["VERSION", "NAME", "STATEMENTS", "TIME"], self.applied.iter().map(row), 1, width);
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

fn row(applied: &Applied) -> Vec<Cell> {
    vec![
        Cell::new(&applied.version),
        Cell::new(clean(&applied.name)),
        Cell::new(applied.statements),
        Cell::new(duration(applied.ms)),
    ]
}

fn last(view: &Migrate) -> (Role, String) {
    let name = &view.target.name;
    let done = format!("Applied {} to `{name}`", count(view.applied.len(), "migration"));
    let run = view.run.as_deref().map(|id| format!(" (run {})", short_run(id))).unwrap_or_default();
    let took = duration(view.ms);
    let pending = match view.pending {
        0 => String::new(),
        1 => "; 1 is pending still".to_owned(),
        n => format!("; {n} are pending still"),
    };
    match view.outcome {
        Outcome::Done => (Role::Success, format!("{done} in {took}{run}{pending}.")),
        Outcome::NothingToDo if view.pending == 0 => (Role::Plain, nothing_to_do(view.applied_before, name)),
        Outcome::NothingToDo => (Role::Plain, format!("Nothing to do for `{name}` within the limit given{pending}.")),
        Outcome::Failed => {
            (Role::Error, format!("{done} in {took}, then one failed and was rolled back{run}{pending}."))
        }
        Outcome::Partial => {
            (Role::Error, format!("{done} in {took}, then one failed and stays partly applied{run}{pending}."))
        }
        Outcome::Refused => (Role::Error, format!("Refused: nothing was applied to `{name}`{pending}.")),
        Outcome::Interrupted => {
            (Role::Warning, format!("{done} in {took}, then interrupted; what ran was rolled back{run}{pending}."))
        }
    }
}
