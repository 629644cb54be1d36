//! `uncommitted-transaction`: a `begin` that nothing ends.

use crate::diagnostic::Level;
use crate::lint::{Check, Edit, FileCx, Findings, Fix, Fixable, Group, Origin, Profile, Rule};
use crate::sql::ast::{StmtKind, TransactionStmt};

pub(super) static RULE: Rule = Rule {
    id: "uncommitted-transaction",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a `begin` without `commit` or `rollback` behind it",
    effect: "when the session ends, everything since `begin` is undone without a word, or the runner goes on in a transaction it \
             does not know of",
    remedy: "end it with `commit`, or leave the transaction to the runner",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-begin.html"],
    bad: &["begin;\ncreate table public.orders (id bigint primary key);"],
    good: &["begin;\ncreate table public.orders (id bigint primary key);\ncommit;"],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let mut open = None;
    for event in cx.file.events.iter().filter(|event| event.origin == Origin::Top) {
        match event.stmt.kind {
            StmtKind::Transaction(TransactionStmt::Begin) => open = Some(event.stmt.span),
            StmtKind::Transaction(TransactionStmt::Commit | TransactionStmt::Rollback) => open = None,
            // `prepare transaction` ends it too.
            StmtKind::Transaction(TransactionStmt::Other)
                if event.stmt.span.of(cx.file.text()).to_ascii_lowercase().starts_with("prepare") =>
            {
                open = None;
            }
            _ => {}
        }
    }
    let Some(span) = open else { return };
    let text = cx.file.text();
    let kept = text.trim_end();
    let ended = cx.file.statements.last().is_some_and(|last| text[last.end..].trim_start().starts_with(';'));
    // Behind a comment that ends the file the semicolon would be part of it.
    let commit = if ended { "\ncommit;" } else { "\n;\ncommit;" };
    out.push(
        cx.finding(span, "the transaction that begins here is never committed")
            .label("no `commit` follows")
            .help("end the file with `commit;`")
            .fix(Fix::safe("add `commit`", vec![Edit::insert(kept.len(), commit)])),
    );
}
