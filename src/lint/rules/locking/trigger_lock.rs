//! `trigger-lock`: triggers that are made, dropped or switched keep writers off their table.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ObjectKind, Stmt, StmtKind, TableActionKind};

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
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    if !cx.file.events.iter().any(|event| what(&event.stmt).is_some()) {
        return;
    }
    let steps = cx.steps();
    let mut locking = steps.iter().filter_map(|step| Some((step, what(&step.event.stmt)?, step.strongest()?)));
    let Some((step, what, lock)) = locking.next() else { return };
    let who = if lock.mode == LockMode::AccessExclusive { "reads and writes of" } else { "writes to" };
    let finding = cx
        .finding(step.event.stmt.span, format!("{what} blocks {who} `{}`", lock.name))
        .label("waits for running transactions, and new ones wait behind it")
        .object(&lock.name)
        .lock(lock.mode)
        .help("keep it in a short migration with a `lock_timeout`");
    // One finding says it for the whole migration.
    out.push(match locking.count() {
        0 => finding,
        more => finding.note(format!("and {more} more in this migration")),
    });
}

/// What the statement does to a trigger.
fn what(stmt: &Stmt) -> Option<&'static str> {
    match &stmt.kind {
        StmtKind::CreateTrigger(_) => Some("creating a trigger"),
        StmtKind::Drop(drop) if drop.kind == ObjectKind::Trigger => Some("dropping a trigger"),
        StmtKind::AlterObject(alter) if alter.kind == ObjectKind::Trigger => Some("altering a trigger"),
        StmtKind::AlterTable(alter) => alter.actions.iter().find_map(|action| match action.kind {
            TableActionKind::Trigger { enable: true, .. } => Some("enabling a trigger"),
            TableActionKind::Trigger { enable: false, .. } => Some("disabling a trigger"),
            _ => None,
        }),
        _ => None,
    }
}
