//! `disable-trigger`: a trigger is disabled and not enabled again in this migration.

use super::gone::{actions, table_goes};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{StmtKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "disable-trigger",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "a trigger is disabled and not enabled again in this migration",
    effect: "what it did no longer happens, also for live clients; `all` takes the checks of foreign keys with it",
    remedy: "enable it again in the same file, behind what it had to be out of the way for",
    lock: Some(LockMode::ShareRowExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER"],
    bad: &[
        "create table public.orders (id bigint primary key, at timestamptz);\ncreate function public.touch() returns trigger language plpgsql as 'begin new.at := now(); return new; end';\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n-- then\nalter table public.orders disable trigger touch;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, at timestamptz);\ncreate function public.touch() returns trigger language plpgsql as 'begin new.at := now(); return new; end';\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n-- then\nalter table public.orders disable trigger touch;\nupdate public.orders set at = now();\nalter table public.orders enable trigger touch;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some((alter, table)) = actions(cx) else { return };
    for action in &alter.actions {
        let TableActionKind::Trigger { enable: false, name } = &action.kind else { continue };
        let is_back = cx.later().any(|event| match &event.stmt.kind {
            StmtKind::AlterTable(later) if cx.resolve(&later.name) == table => later.actions.iter().any(|action| {
                matches!(&action.kind, TableActionKind::Trigger { enable: true, name: back } if back == name || back == "all")
            }),
            _ => false,
        });
        if is_back || table_goes(cx, &table) {
            continue;
        }
        let which = match name.as_str() {
            "all" => "every trigger, with the checks of foreign keys,".to_owned(),
            "user" => "every trigger".to_owned(),
            name => format!("trigger `{}`", bare_ident(name)),
        };
        let word = if matches!(name.as_str(), "all" | "user") { name.clone() } else { bare_ident(name).into_owned() };
        out.push(
            cx.finding(action.span, format!("{which} of `{table}` no longer runs, for live clients too"))
                .label("never enabled again here")
                .object(&table)
                .help(format!("enable it again at the end of this file: `alter table {table} enable trigger {word}`")),
        );
    }
}
