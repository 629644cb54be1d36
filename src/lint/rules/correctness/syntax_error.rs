//! `syntax-error`: what PostgreSQL would refuse to read.

use super::psql::is_psql;
use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};
use crate::text::did_you_mean;

pub(super) static RULE: Rule = Rule {
    id: "syntax-error",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a statement that does not follow PostgreSQL's grammar",
    effect: "the migration fails when it reaches the statement (42601, syntax_error). Other rules see nothing of it; the other \
             statements of the file are checked all the same",
    remedy: "write it as the manual has it",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-commands.html"],
    bad: &["create tabel public.orders (id bigint primary key);", "select 'one;"],
    good: &["create table public.orders (id bigint primary key);"],
    checks: &[Check::File(check)],
};

/// The words that people mistype where only a few will do.
const WORDS: [&str; 34] = [
    "add",
    "alter",
    "always",
    "begin",
    "column",
    "comment",
    "commit",
    "constraint",
    "create",
    "default",
    "delete",
    "drop",
    "exists",
    "extension",
    "foreign",
    "from",
    "function",
    "grant",
    "index",
    "insert",
    "into",
    "null",
    "policy",
    "primary",
    "references",
    "select",
    "sequence",
    "table",
    "trigger",
    "unique",
    "update",
    "values",
    "view",
    "where",
];

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    for error in cx.file.errors.iter().filter(|error| !error.in_body && !is_psql(error, cx.file.text())) {
        let word = error.span.of(cx.file.text());
        let finding = cx.finding(error.span, error.message.clone()).label("PostgreSQL stops reading here");
        let finding =
            finding.note("no other rule has looked at this statement; the file's other statements are checked");
        let meant = did_you_mean(&word.to_ascii_lowercase(), WORDS).filter(|meant| !meant.eq_ignore_ascii_case(word));
        out.push(match meant {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding,
        });
    }
}
