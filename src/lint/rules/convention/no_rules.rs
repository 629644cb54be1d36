//! `no-rules`: queries that are rewritten.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "no-rules",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "`create rule`",
    effect: "a rule rewrites the query, not the row: volatile expressions run twice, and `returning` and row counts come out wrong",
    remedy: "use a trigger, or `instead of` triggers on a view",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/rules-triggers.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\ncreate rule keep as on delete to public.orders do instead nothing;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nrevoke delete on public.orders from public;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateObject(object) = &cx.stmt().kind else { return };
    if object.kind != ObjectKind::Rule {
        return;
    }
    let span = object.name.as_ref().map_or(cx.stmt().span, |name| name.span);
    let finding = cx.finding(span, "a rule rewrites the query instead of the row").label("a rule");
    let finding = match &object.on {
        Some(table) => finding.object(&cx.resolve(table)),
        None => finding,
    };
    out.push(finding.help("use a trigger, or an `instead of` trigger on a view"));
}
