//! `drop-sequence`: a sequence that was there before this migration is dropped.

use super::gone::is_first_guard;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-sequence",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a sequence that was there before this migration is dropped",
    effect: "its position is lost: one that is made again begins at the start and gives numbers out twice; programs that call `nextval` on it fail",
    remedy: "keep it; to make it anew, set it behind the highest number with `setval`",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-dropsequence.html",
        "https://www.postgresql.org/docs/18/functions-sequence.html",
    ],
    bad: &["create sequence public.invoice_no;\n-- then\ndrop sequence public.invoice_no;\n"],
    good: &[
        "create sequence public.invoice_no;\ndrop sequence public.invoice_no;\n",
        "create temp sequence counter;\ndrop sequence if exists pg_temp.counter;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Drop(drop) = &cx.stmt().kind else { return };
    if drop.kind != ObjectKind::Sequence {
        return;
    }
    for written in &drop.names {
        let name = cx.resolve(written);
        let is_new = cx.schema.sequences.get(&name).is_some_and(|(place, _)| place.is_in(cx.file.id));
        if is_new || name.schema == "pg_temp" || is_first_guard(cx, drop, &name) {
            continue;
        }
        out.push(
            cx.finding(written.span, format!("drops sequence `{name}` and the number it has come to"))
                .label("its position is lost")
                .object(&name)
                .help("keep it, or note its `last_value` first: one that is made again starts from the beginning"),
        );
    }
}
