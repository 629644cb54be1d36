//! `drop-policy`: a row-level security policy is dropped, and no other takes its place in this migration.

use super::gone::table_goes;
use crate::diagnostic::Level;
use crate::lint::Event;
use crate::lint::schema::{Policy, QName};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{Name, ObjectKind, PolicyCommand, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-policy",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a row-level security policy is dropped, and no other takes its place in this migration",
    effect: "who could read or write by it no longer can: queries come back empty rather than fail; a restrictive policy that goes lets more through",
    remedy: "make its successor in the same file",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-droppolicy.html",
        "https://www.postgresql.org/docs/18/ddl-rowsecurity.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key);\nalter table public.orders enable row level security;\ncreate policy orders_read on public.orders for select using (id > 0);\n-- then\ndrop policy orders_read on public.orders;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\nalter table public.orders enable row level security;\n-- then\ndrop policy if exists orders_read on public.orders;\ncreate policy orders_read on public.orders for select using (id > 0);\n",
        "create table public.orders (id bigint primary key);\nalter table public.orders enable row level security;\ncreate policy anyone on public.orders for select using (id > 0);\n-- then\ndrop policy anyone on public.orders;\ncreate policy orders_select on public.orders for select using (id > 9);\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Drop(drop) = &cx.stmt().kind else { return };
    let (ObjectKind::Policy, Some(on), Some(name)) = (drop.kind, &drop.on, drop.names.first()) else { return };
    if !cx.is_in_use(on) {
        return;
    }
    let table = cx.resolve(on);
    let known = cx.table(on).and_then(|it| it.policies.iter().find(|policy| policy.name == name.object()));
    if known.is_some_and(|policy| policy.created.is_in(cx.file.id)) || is_replaced(cx, &table, name, known) {
        return;
    }
    // The chain made the table, and never made this policy: the guard finds nothing.
    if drop.if_exists
        && known.is_none()
        && cx.table(on).is_some_and(|it| !it.is_platform())
        && cx.schema.opaque.is_empty()
    {
        return;
    }
    if table_goes(cx, &table) {
        return;
    }
    out.push(
        cx.finding(name.span, format!("drops policy `{name}` of `{table}`, and nothing takes its place"))
            .label("whom it let in is shut out")
            .object(&table)
            .help(format!("create the policy that replaces it in this file: `drop policy if exists {name} on {table}; create policy {name} on {table} …`")),
    );
}

/// Whether the file has another policy for the same: of the same name, or for the same command before or after.
fn is_replaced(cx: &EventCx<'_>, table: &QName, name: &Name, known: Option<&Policy>) -> bool {
    let replaces = |event: &Event| match &event.stmt.kind {
        StmtKind::CreatePolicy(create) if cx.resolve(&create.table) == *table => {
            let same = known.is_none_or(|old| {
                old.permissive == create.permissive
                    && (create.command == old.command
                        || create.command == PolicyCommand::All
                        || old.command == PolicyCommand::All)
            });
            create.name.value == name.object() || same
        }
        StmtKind::AlterPolicy(alter) => {
            cx.resolve(&alter.table) == *table && alter.rename.as_ref().is_some_and(|to| to.value == name.object())
        }
        _ => false,
    };
    cx.later().any(replaces) || cx.earlier().any(replaces)
}
