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

#[cfg(test)]
mod tests {
    use super::super::fixtures::{plain, target};
    use super::*;

    #[test]
    fn lists_what_was_taken_back_and_ends_with_a_sentence() {
        let one = |version: &str, ms| RolledBack {
            version: version.to_owned(),
            name: "create_users".to_owned(),
            path: format!("migrations/{version}_create_users.down.sql"),
            ms,
        };
        let mut view = Rollback {
            format: "dbctl/rollback/v1",
            run: Some("0193a1b2-1c00-7abc-8def-0123456789ab".to_owned()),
            target: target("remote"),
            outcome: Outcome::Done,
            rolled_back: vec![one("2", Some(3.0)), one("1", Some(4.0))],
            script: None,
            ms: 20.0,
            remarks: Vec::new(),
        };
        insta::assert_snapshot!(plain(&view.human(None)), @r#"
        VERSION  NAME          FILE                                TIME
        2        create_users  migrations/2_create_users.down.sql  3 ms
        1        create_users  migrations/1_create_users.down.sql  4 ms

        Rolled back 2 migrations of `remote` in 20 ms (run 456789ab).
        "#);
        view.script = Some("rollback.sql".to_owned());
        let text = plain(&view.human(None));
        assert!(text.ends_with("Wrote the rollback of 2 migrations of `remote` to `rollback.sql`; nothing was run.\n"));
    }
}
