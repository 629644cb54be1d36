//! `transaction-nesting`: a `begin` within a transaction, or an end without a beginning.

use super::line::whole;
use crate::diagnostic::Level;
use crate::lint::{
    Check, Edit, Event, FileCx, Findings, Fix, Fixable, Group, Origin, Preset, Profile, Rule, RuleOption,
};
use crate::sql::ast::{StmtKind, TransactionStmt};

pub(super) static RULE: Rule = Rule {
    id: "transaction-nesting",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`begin` inside a transaction, or `commit` or `rollback` outside one",
    effect: "PostgreSQL has no transactions within transactions: the inner `begin` only warns, and the first `commit` ends \
             everything, so what comes behind it is no longer undone when the migration fails. (One `begin` and `commit` around the \
             whole file is fine: dbctl takes it for its own transaction)",
    remedy: "leave transactions to the runner, or write one `begin` and one `commit` around each part",
    lock: None,
    fix: Fixable::Safe,
    options: &[RuleOption {
        name: "assume_transaction",
        preset: Preset::Flag(false),
        help: "count every file as inside a transaction already, as runners without their own reading of `begin` do",
    }],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-begin.html",
        "https://www.postgresql.org/docs/18/sql-commit.html",
    ],
    bad: &[
        "begin;\nbegin;\ncreate table public.orders (id bigint primary key);\ncommit;",
        "begin;\ncreate table public.orders (id bigint primary key);\ncommit;\ncommit;",
    ],
    good: &[
        "begin;\ncreate table public.orders (id bigint primary key);\ncommit;",
        "begin;\ncreate table public.orders (id bigint primary key);\ncommit;\nbegin;\ncreate table public.users (id bigint primary key);\ncommit;",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let assumed = cx.options.flag("assume_transaction") && !cx.file.no_transaction;
    let mut open: Option<&Event> = None;
    for event in cx.file.events.iter().filter(|event| event.origin == Origin::Top) {
        let StmtKind::Transaction(control) = &event.stmt.kind else { continue };
        let span = event.stmt.span;
        let remove = || vec![Edit::delete(whole(cx.file.text(), span))];
        match control {
            TransactionStmt::Begin => {
                let message = match open {
                    Some(_) => "`begin` inside a transaction that is open already",
                    None if assumed => "`begin` inside the transaction that the runner has begun",
                    None => {
                        open = Some(event);
                        continue;
                    }
                };
                open = Some(event);
                out.push(
                    cx.finding(span, message)
                        .label("begins nothing: PostgreSQL only warns")
                        .help("remove it")
                        .fix(Fix::safe("remove the inner `begin`", remove())),
                );
            }
            TransactionStmt::Commit | TransactionStmt::Rollback => {
                let word = if *control == TransactionStmt::Commit { "commit" } else { "rollback" };
                let began = open.take().is_some();
                let message = if assumed {
                    format!("`{word}` ends the transaction that the runner has begun")
                } else if began {
                    continue;
                } else {
                    format!("`{word}` without a `begin`")
                };
                let finding = cx.finding(span, message).label("no transaction of this file is open here");
                // A `rollback` taken away leaves what it was to undo.
                out.push(if *control == TransactionStmt::Commit {
                    finding.help("remove it").fix(Fix::safe("remove the `commit`", remove()))
                } else {
                    finding.help("remove it, and what it was to undo")
                });
            }
            _ => {}
        }
    }
}
