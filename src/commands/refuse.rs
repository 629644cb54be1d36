//! What keeps a run from starting: changed, missing and late files, and earlier runs that did not come to their end.

use crate::db::{Session, ledger};
use crate::diagnostic::Diagnostic;
use crate::error::{Failure, TextDiff};
use crate::exit::Exit;
use crate::plan::ledger::Partial;
use crate::plan::resolve::Item;
use crate::plan::step::Resumed;
use crate::report::{Checksum, MigrationState, target_flag};
use crate::sql;

/// What the user allows that is refused by default.
#[derive(Debug, Clone, Default)]
pub struct Allow {
    /// Files older than the newest applied one are applied.
    pub late: bool,
    /// Applied files may be gone.
    pub missing: bool,
    /// Statements whose outcome is unknown.
    pub in_doubt: Option<InDoubt>,
    /// Changed files that are accepted as they are now, by key.
    pub accept: Vec<i64>,
}

/// What to do with a statement that was sent and whose outcome nobody recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum InDoubt {
    /// It did not take effect: run it again
    Retry,
    /// It took effect: go on behind it
    Skip,
}

impl InDoubt {
    /// The flag, for the run's record.
    pub fn flag(self) -> String {
        match self {
            Self::Retry => "--in-doubt retry".to_owned(),
            Self::Skip => "--in-doubt skip".to_owned(),
        }
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Findings {
    /// What stops a run.
    pub refusals: Vec<Diagnostic>,
    /// The differences that explain them.
    pub diffs: Vec<TextDiff>,
    /// What is worth knowing.
    pub warnings: Vec<Diagnostic>,
}

impl Findings {
    /// Whether a statement may still be running: then the lock tells, which a runner at work holds.
    pub fn is_in_doubt(&self) -> bool {
        self.refusals.iter().any(|refusal| refusal.code == IN_DOUBT)
    }

    /// The refusals as a failure.
    pub fn into_failure(self) -> Option<Failure> {
        if self.refusals.is_empty() {
            return None;
        }
        Some(Failure { exit: Exit::Refused, diagnostics: few_of_each(self.refusals), diffs: self.diffs })
    }
}

const IN_DOUBT: &str = "migrate/in-doubt";

/// How many refusals of one kind are shown whole.
const SHOWN_WHOLE: usize = 3;

/// Where many files have the same trouble, the first ones are shown whole and the rest by their titles.
fn few_of_each(refusals: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut shown: Vec<Diagnostic> = Vec::new();
    for refusal in refusals {
        if shown.iter().filter(|other| other.code == refusal.code).count() < SHOWN_WHOLE {
            shown.push(refusal);
        } else if let Some(last) = shown.iter_mut().rev().find(|other| other.code == refusal.code) {
            last.notes.push(format!("and {}", refusal.title));
        }
    }
    shown
}

/// Compares changed files with the applied texts: a change of comments alone is none of the statements.
pub async fn settle_checksums(session: &Session, items: &mut [Item<'_>]) -> Result<Vec<Option<String>>, Failure> {
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        let mut text = None;
        if item.checksum == Checksum::Changed
            && let Some(file) = item.file
        {
            text = ledger::applied_text(session, item.key).await?;
            if text.as_deref().is_some_and(|applied| sql::same_but_for_comments(applied, &file.normalised())) {
                item.checksum = Checksum::Comments;
                item.state = MigrationState::Applied;
            }
        }
        texts.push(text);
    }
    Ok(texts)
}

/// Judges every migration; `texts` are what [`settle_checksums`] found.
pub fn judge(items: &[Item<'_>], texts: &[Option<String>], allow: &Allow, target: &str) -> Findings {
    let mut findings = Findings::default();
    let newest = items.iter().rev().find(|item| item.row.is_some());
    for (item, text) in items.iter().zip(texts) {
        match item.state {
            MigrationState::Applied if item.checksum == Checksum::Comments => {
                findings.warnings.push(Diagnostic::warning(
                    "migrate/comments-changed",
                    format!("comments of `{}` have changed since it was applied to `{target}`", item.title()),
                ));
            }
            MigrationState::Applied | MigrationState::Pending => {}
            MigrationState::Changed if allow.accept.contains(&item.key) => {}
            MigrationState::Changed => changed(item, text.as_deref(), target, &mut findings),
            MigrationState::Missing => missing(item, allow, target, &mut findings),
            MigrationState::Late => {
                if let Some(newest) = newest
                    && !allow.late
                {
                    findings.refusals.push(late(item, newest, target));
                }
            }
            MigrationState::Partial => partial(item, allow, target, &mut findings),
        }
    }
    findings
}

fn changed(item: &Item<'_>, text: Option<&str>, target: &str, findings: &mut Findings) {
    let path = item.file.map(|file| file.path.to_string()).unwrap_or_default();
    let when = item.row.and_then(|row| row.applied_at).map(|at| format!(" at {at:.0}")).unwrap_or_default();
    findings.refusals.push(
        Diagnostic::error("migrate/changed", format!("`{path}` has changed since it was applied to `{target}`{when}"))
            .note(format!("`{target}` holds what the file said then; nothing was changed"))
            .help(format!(
                "put the file back (`git checkout -- {path}`) and write the change as a new migration: `dbctl new`"
            ))
            .help(format!(
                "or, on a database that may lose it: `dbctl rollback{} --to` the version before `{}`, then migrate again",
                target_flag(target),
                item.version()
            ))
            .help(format!(
                "or, where the database already matches the file: `dbctl migrate{} --accept-changed {}`",
                target_flag(target),
                item.version()
            )),
    );
    if let (Some(old), Some(file)) = (text, item.file) {
        findings.diffs.push(TextDiff {
            old_name: format!("{path} (as applied)"),
            old: old.to_owned(),
            new_name: format!("{path} (now)"),
            new: file.normalised(),
        });
    }
}

fn missing(item: &Item<'_>, allow: &Allow, target: &str, findings: &mut Findings) {
    if let (None, Some(partial)) = (item.row, item.partial) {
        let title =
            format!("`{}` was begun on `{target}`, did not come to its end, and its file is gone", item.title());
        let done = crate::text::count(partial.done, "statement");
        if allow.missing {
            let warning = Diagnostic::warning("migrate/partial-missing", title);
            findings.warnings.push(warning.note(format!("what its first {done} did stays in effect")));
            return;
        }
        findings.refusals.push(
            Diagnostic::error("migrate/partial-missing", title)
                .note(format!("its first {done} took effect; nothing was changed now"))
                .help("put the file back and run `dbctl migrate` again: it goes on where it stopped")
                .help("or, where it is given up and what it did is to stay: add `--allow-missing`"),
        );
        return;
    }
    let title = format!("`{}` is applied to `{target}`, but its file is gone", item.title());
    if allow.missing {
        findings.warnings.push(Diagnostic::warning("migrate/missing", title));
        return;
    }
    findings.refusals.push(
        Diagnostic::error("migrate/missing", title)
            .note("nothing was changed")
            .help(format!(
                "put the file back; its text is in `dbctl.event` of `{target}` (kind `applied`), column `sql`"
            ))
            .help("or, where it is meant to be gone: add `--allow-missing`"),
    );
}

fn late(item: &Item<'_>, newest: &Item<'_>, target: &str) -> Diagnostic {
    Diagnostic::error(
        "migrate/late",
        format!("`{}` is older than `{}`, which is applied to `{target}` already", item.title(), newest.title()),
    )
    .note("it was probably merged late; nothing was changed")
    .help(format!(
        "if it depends on nothing newer and nothing newer on it: `dbctl migrate{} --allow-late` applies it now",
        target_flag(target)
    ))
    .help(format!("or give it a new version: rename its files to a timestamp after {}", newest.version()))
}

fn partial(item: &Item<'_>, allow: &Allow, target: &str, findings: &mut Findings) {
    let (Some(partial), Some(file)) = (item.partial, item.file) else { return };
    let run = crate::report::short_run(&partial.run);
    if partial.down {
        findings.refusals.push(
            Diagnostic::error(
                "migrate/partial-rollback",
                format!("the rollback of `{}` on `{target}` did not come to its end (run {run})", item.title()),
            )
            .note(format!("{} of its statements are done; nothing was changed now", partial.done))
            .help(format!("finish it first: `dbctl rollback{}` goes on where it stopped", target_flag(target))),
        );
        return;
    }
    if partial.sha256 != file.checksum.as_str() && !begins_as(file.source.text(), partial) {
        findings.refusals.push(
            Diagnostic::error(
                "migrate/partial-changed",
                format!("`{}` was begun on `{target}` in run {run}, and its file has changed since", item.title()),
            )
            .note(format!(
                "{} of the old text {} applied; nothing was changed now",
                if partial.done == 1 { "the first statement".to_owned() } else { format!("the first {} statements", partial.done) },
                if partial.done == 1 { "is" } else { "are" },
            ))
            .help(format!(
                "put what is applied back as it was (column `sql` of `dbctl.event` has it), mend only what comes behind \
                 it, and run `dbctl migrate{}` again",
                target_flag(target)
            )),
        );
        return;
    }
    if let Some(number) = partial.in_doubt
        && allow.in_doubt.is_none()
    {
        let statements = sql::split(file.source.text()).unwrap_or_default();
        let Some(statement) = statements.iter().find(|statement| statement.number == number) else { return };
        // An index that is built concurrently tells by itself how far it came.
        if statement.kind == "CREATE INDEX" && statement.needs_no_transaction().is_some() {
            return;
        }
        findings.refusals.push(
            Diagnostic::error(
                IN_DOUBT,
                format!("nobody knows whether statement {number} of `{}` took effect on `{target}`", item.title()),
            )
            .at(&file.source, statement.span, "sent, no answer recorded")
            .note(format!(
                "run {run} ended while this statement ran outside a transaction; the ones before it are applied"
            ))
            .help(format!(
                "look at the database; then, if it took effect: `dbctl migrate{} --in-doubt skip`",
                target_flag(target)
            ))
            .help(format!("if it did not: `dbctl migrate{} --in-doubt retry`", target_flag(target))),
        );
    }
}

/// Whether a file still begins with the statements that an earlier run is done with; the rest may be mended.
pub fn begins_as(text: &str, partial: &Partial) -> bool {
    let Ok(statements) = sql::split(text) else { return false };
    let done = sql::written(text, statements.iter().take_while(|statement| statement.number <= partial.done));
    partial.done == 0 || partial.text.as_deref().is_some_and(|before| sql::same_but_for_comments(before, &done))
}

/// The first statement to run of a migration that an earlier run began, and how that run left it.
pub fn resume_at(item: &Item<'_>, allow: &Allow) -> Option<(usize, Resumed)> {
    let partial = item.partial?;
    Some(match (partial.in_doubt, allow.in_doubt) {
        (Some(number), Some(InDoubt::Skip)) => (number + 1, Resumed::Undone),
        (Some(number), None) => (number, Resumed::InDoubt),
        _ => (partial.done + 1, Resumed::Undone),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_only_a_few_of_many_refusals_whole() {
        let refusal = |code, n| Diagnostic::error(code, format!("file {n}"));
        let many = (1..=5).map(|n| refusal("migrate/late", n)).chain([refusal("migrate/missing", 6)]).collect();
        let shown = few_of_each(many);
        assert_eq!(shown.len(), 4);
        assert_eq!(shown[2].notes, ["and file 4", "and file 5"]);
    }

    #[test]
    fn lets_the_rest_of_a_file_be_mended_but_not_what_is_done() {
        let partial = Partial {
            key: 1,
            version: "1".to_owned(),
            name: "it".to_owned(),
            sha256: String::new(),
            done: 2,
            text: Some("create table a (id int);\ncopy a from stdin;\n1\n\\.\n".to_owned()),
            in_doubt: None,
            run: String::new(),
            down: false,
        };
        let file = "create table a (id int); -- mended below\ncopy a from stdin;\n1\n\\.\nselect 1;";
        assert!(begins_as(file, &partial));
        assert!(!begins_as(&file.replace("1\n\\.", "2\n\\."), &partial));
        assert!(!begins_as("create table a (id int);", &partial));
        assert!(!begins_as(file, &Partial { text: None, ..partial.clone() }));
        assert!(begins_as("select 1", &Partial { done: 0, text: None, ..partial }));
    }
}
