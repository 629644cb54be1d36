//! `drop-trigger`: a trigger is dropped and not made again in this migration.

use super::gone::table_goes;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-trigger",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a trigger is dropped and not made again in this migration",
    effect: "what it did no longer happens: nothing stamps `updated_at`, nothing is written to the audit log, nothing fails either",
    remedy: "make its successor in the same file",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droptrigger.html"],
    bad: &[
        "create table public.orders (id bigint primary key);\ncreate function public.touch() returns trigger language plpgsql as 'begin return new; end';\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n-- then\ndrop trigger touch on public.orders;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\ncreate function public.touch() returns trigger language plpgsql as 'begin return new; end';\n-- then\ndrop trigger if exists touch on public.orders;\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Drop(drop) = &cx.stmt().kind else { return };
    let (ObjectKind::Trigger, Some(on), Some(name)) = (drop.kind, &drop.on, drop.names.first()) else { return };
    let table = cx.resolve(on);
    let is_back = || {
        cx.later().any(|event| match &event.stmt.kind {
            StmtKind::CreateTrigger(create) => create.name.value == name.object() && cx.resolve(&create.table) == table,
            _ => false,
        })
    };
    let known = cx.table(on).and_then(|it| it.triggers.iter().find(|trigger| trigger.name == name.object()));
    let is_new = known.is_some_and(|trigger| trigger.created.is_in(cx.file.id));
    if is_new || !(cx.is_in_use(on) || cx.schema.views.contains_key(&table)) || is_back() || table_goes(cx, &table) {
        return;
    }
    let does = known.map_or_else(String::new, |trigger| format!(": `{}` is no longer run", trigger.function));
    out.push(
        cx.finding(name.span, format!("drops trigger `{name}` of `{table}`{does}"))
            .label("what it did stops without a word")
            .object(&table)
            .help("make the trigger that replaces it in this file, or say here why nothing needs it"),
    );
}
