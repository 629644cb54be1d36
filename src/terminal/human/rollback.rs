//! `dbctl rollback` for people.

use comfy_table::Cell;

use super::{Human, NOTHING, line, remarks, sentence};
use crate::diff::inverse::Verdict;
use crate::report::{BackSource, BackStep, Outcome, Rollback, RollbackGenerate, RolledBack, short_run};
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
        for step in &self.steps {
            back(&mut out, step);
        }
        remarks(&mut out, &self.remarks);
        let (role, text) = last(self);
        sentence(&mut out, role, &text);
        out
    }
}

impl Human for RollbackGenerate {
    fn human(&self, width: Option<u16>) -> String {
        if self.migrations.is_empty() {
            let mut out = String::new();
            sentence(&mut out, Role::Plain, "Nothing to do: every migration has a down file.");
            return out;
        }
        let rows = self.migrations.iter().map(|it| {
            let path = it.path.as_ref().map_or_else(|| "not written".to_owned(), |path| clean(path));
            vec![Cell::new(&it.version), Cell::new(clean(&it.name)), Cell::new(it.verdict.word()), Cell::new(path)]
        });
        let mut out = table(&["VERSION", "NAME", "WAY BACK", "FILE"], rows, 1, width);
        for it in self.migrations.iter().filter(|it| !it.remarks.is_empty()) {
            line(&mut out, &format!("\n{}_{}", clean(&it.version), clean(&it.name)));
            for remark in &it.remarks {
                line(&mut out, &format!("  {}", clean(remark)));
            }
        }
        let written = self.migrations.iter().filter(|it| it.path.is_some()).count();
        let left = self.migrations.len() - written;
        let proved = format!("Wrote {}, proved on PostgreSQL {}", count(written, "down file"), self.server_version);
        match left {
            0 => sentence(&mut out, Role::Success, &format!("{proved}.")),
            left => {
                let text = format!("{proved}; {} by hand.", needs(left));
                sentence(&mut out, Role::Warning, &text);
            }
        }
        out
    }
}

fn needs(left: usize) -> String {
    if left == 1 { "1 migration needs one".to_owned() } else { format!("{left} migrations need one") }
}

fn row(one: &RolledBack) -> Vec<Cell> {
    vec![
        Cell::new(&one.version),
        Cell::new(clean(&one.name)),
        Cell::new(clean(&one.path)),
        Cell::new(one.ms.map_or_else(|| NOTHING.to_owned(), duration)),
    ]
}

/// What is known of a way back.
fn back(out: &mut String, step: &BackStep) {
    let role = match step.verdict {
        Verdict::Exact => Role::Success,
        Verdict::DataLost => Role::Warning,
        Verdict::NotReversible => Role::Error,
    };
    let source = match step.source {
        BackSource::File => "by its down file",
        BackSource::Generated => "generated",
    };
    line(out, &format!("\n{} {source}: {}", clean(&step.version), role.paint(step.verdict.word())));
    let mut said = step.remarks.clone();
    said.extend(step.fails_on.iter().map(|it| format!("fails: {}", it.decide)));
    said.extend(step.losses.iter().map(|loss| {
        let column = loss.column.as_ref().map(|it| format!(".{it}")).unwrap_or_default();
        let about = if loss.estimated { "about " } else { "" };
        let rows = loss.rows.map(|rows| format!(", {about}{}", count_u64(rows))).unwrap_or_default();
        let kept = loss.kept_in.as_ref().map(|held| format!("; kept in {held}")).unwrap_or_default();
        let stuck = loss.not_restored.as_ref().map(|why| format!(", but does not come back by `--restore`: {why}"));
        format!("lost: {}{column}: {}{rows}{kept}{}", loss.table, loss.why, stuck.unwrap_or_default())
    }));
    let stays = step.data_steps.iter().filter(|it| it.stays());
    said.extend(stays.map(|it| format!("decide: {} in line {}: {}", it.what, it.line, it.decide)));
    for text in said {
        line(out, &format!("  {}", clean(&text)));
    }
}

fn count_u64(rows: u64) -> String {
    count(usize::try_from(rows).unwrap_or(usize::MAX), "row")
}

fn last(view: &Rollback) -> (Role, String) {
    let name = &view.target.name;
    if !view.restored.is_empty() {
        let text = format!("Brought back {} of `{name}` in {}.", view.restored.join("; "), duration(view.ms));
        return (Role::Success, text);
    }
    if view.is_restoring {
        return (Role::Plain, format!("Nothing to bring back: `{name}` keeps nothing of migrations that are applied."));
    }
    let migrations = count(view.rolled_back.len(), "migration");
    if let Some(script) = &view.script {
        let restore =
            view.restore.as_ref().map(|it| format!(", and what brings the data back to `{it}`")).unwrap_or_default();
        let text = format!("Wrote the rollback of {migrations} of `{name}` to `{script}`{restore}; nothing was run.");
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
            restore: None,
            restored: Vec::new(),
            is_restoring: false,
            steps: Vec::new(),
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
