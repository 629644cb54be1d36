//! `trigger-lock`: triggers that are made, dropped or switched keep writers off their table.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{Name, ObjectKind, StmtKind, TableActionKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "trigger-lock",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "`create trigger`, `drop trigger` or `enable | disable trigger` on a table that this migration did not create",
    effect: "writers wait while a trigger is made or switched (SHARE ROW EXCLUSIVE), readers too while it is dropped or renamed \
             (ACCESS EXCLUSIVE). That is a moment, but behind a long query it is a queue",
    remedy: "set a `lock_timeout`, and keep the statement in a short migration",
    lock: Some(LockMode::ShareRowExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES"],
    bad: &[
        "create table public.orders (id bigint primary key);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\n-- then\ncreate trigger touch before update on public.orders for each row execute function public.touch();",
        "create table public.orders (id bigint primary key);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n-- then\ndrop trigger touch on public.orders;",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger touch before update on public.orders for each row execute function public.touch();",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let span = cx.stmt().span;
    match &cx.stmt().kind {
        StmtKind::CreateTrigger(trigger) => {
            report(cx, &trigger.table, span, "creating a trigger", LockMode::ShareRowExclusive, out);
        }
        StmtKind::Drop(drop) if drop.kind == ObjectKind::Trigger => {
            drop.on.iter().for_each(|on| report(cx, on, span, "dropping a trigger", LockMode::AccessExclusive, out));
        }
        StmtKind::AlterObject(alter) if alter.kind == ObjectKind::Trigger => {
            alter.on.iter().for_each(|on| report(cx, on, span, "altering a trigger", LockMode::AccessExclusive, out));
        }
        StmtKind::AlterTable(alter) => {
            for action in &alter.actions {
                if let TableActionKind::Trigger { enable, .. } = action.kind {
                    let what = if enable { "enabling a trigger" } else { "disabling a trigger" };
                    report(cx, &alter.name, action.span, what, LockMode::ShareRowExclusive, out);
                }
            }
        }
        _ => {}
    }
}

fn report(cx: &EventCx<'_>, table: &Name, span: Span, what: &str, lock: LockMode, out: &mut Findings) {
    if !cx.is_in_use(table) {
        return;
    }
    let name = cx.resolve(table);
    let who = if lock == LockMode::AccessExclusive { "reads and writes of" } else { "writes to" };
    out.push(
        cx.finding(span, format!("{what} blocks {who} `{name}`"))
            .label("waits for running transactions, and new ones wait behind it")
            .object(&name)
            .lock(lock)
            .help("keep it in a short migration with a `lock_timeout`"),
    );
}
