//! `comment-required-function`: a function that nobody explains.

use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::RoutineKind;

pub(super) static RULE: Rule = Rule {
    id: "comment-required-function",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a function or procedure has no comment at the end of the chain",
    effect: "who may call it, and what for, has to be read out of its body",
    remedy: "say what it does: `comment on function …`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-comment.html"],
    bad: &["create function public.double(n bigint) returns bigint language sql immutable as 'select 2 * n';"],
    good: &[
        "create function public.double(n bigint) returns bigint language sql immutable as 'select 2 * n';\ncomment on function public.double(bigint) is 'Twice the number.';",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for function in cx.schema.functions.values().flatten() {
        let commented = function.comment.as_deref().is_some_and(|text| !text.trim().is_empty());
        if function.created.file.is_none() || commented || function.kind == RoutineKind::Aggregate {
            continue;
        }
        let of = format!("{}{}", function.name, function.signature());
        let kind = if function.kind == RoutineKind::Procedure { "procedure" } else { "function" };
        out.push(
            cx.finding(function.created, format!("nothing says what `{of}` does"))
                .label("no comment")
                .about(of.clone())
                .help(format!("say it: `comment on {kind} {of} is '…';`")),
        );
    }
}
