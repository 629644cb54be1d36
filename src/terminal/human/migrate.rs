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
    let done = match view.applied.len() {
        0 => format!("Applied no migration to `{name}`"),
        n => format!("Applied {} to `{name}`", count(n, "migration")),
    };
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

#[cfg(test)]
mod tests {
    use super::super::fixtures::{plain, target};
    use super::*;

    fn view(outcome: Outcome, applied: usize) -> Migrate {
        let applied =
            (1..=applied).map(|n| Applied { version: n.to_string(), name: "a".to_owned(), statements: n, ms: 10.0 });
        Migrate {
            format: "dbctl/migrate/v1",
            run: Some("0193a1b2-1c00-7abc-8def-0123456789ab".to_owned()),
            target: target("local"),
            outcome,
            applied_before: 12,
            applied: applied.collect(),
            pending: 0,
            ms: 1_240.0,
            remarks: vec!["`pg_net` was replaced by a stub".to_owned()],
        }
    }

    #[test]
    fn lists_what_was_applied_and_ends_with_a_sentence() {
        insta::assert_snapshot!(plain(&view(Outcome::Done, 3).human(None)), @r#"
        VERSION  NAME  STATEMENTS  TIME
        1        a     1           10 ms
        2        a     2           10 ms
        3        a     3           10 ms

        note: `pg_net` was replaced by a stub

        Applied 3 migrations to `local` in 1.2 s (run 456789ab).
        "#);
    }

    #[test]
    fn says_that_there_is_nothing_to_do() {
        let view = Migrate { remarks: Vec::new(), run: None, ..view(Outcome::NothingToDo, 0) };
        assert_eq!(view.human(None), "Nothing to do: all 12 migrations are applied to `local`.\n");
    }

    #[test]
    fn says_what_a_failure_left() {
        let view = Migrate { remarks: Vec::new(), pending: 2, ..view(Outcome::Failed, 0) };
        assert_eq!(
            plain(&view.human(None)),
            "Applied no migration to `local` in 1.2 s, then one failed and was rolled back (run 456789ab); 2 are pending \
             still.\n"
        );
    }
}
