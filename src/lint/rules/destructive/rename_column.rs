//! `rename-column`: a column of a table or view that was there before this migration is renamed.

use super::gone::{is_made_later, table_goes};
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{Relation, StmtKind, TableActionKind};
use crate::text::{Span, bare_ident};

pub(super) static RULE: Rule = Rule {
    id: "rename-column",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a column of a table or view that was there before this migration is renamed",
    effect: "every program that uses the old name fails at once, also the release that is still running while this one deploys",
    remedy: "add the new column, keep both equal by a trigger, move programs over, and drop the old one a release later",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders rename column note to remark;\n",
        "create view public.recent as select 1 as id;\n-- then\nalter view public.recent rename column id to nr;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, note text);\nalter table public.orders rename note to remark;\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders rename column note to remark;\nalter table public.orders add column note text;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return };
    if matches!(alter.relation, Relation::Type | Relation::Index | Relation::Sequence) {
        return;
    }
    let name = cx.resolve(&alter.name);
    let view = cx.schema.views.get(&name);
    if view.map_or(!cx.is_in_use(&alter.name), |view| view.created.is_in(cx.file.id)) {
        return;
    }
    for action in &alter.actions {
        let TableActionKind::RenameColumn { from, to } = &action.kind else { continue };
        let column = cx.table(&alter.name).and_then(|it| it.column(&from.value));
        if column.is_some_and(|column| column.created.is_in(cx.file.id)) || is_back(cx, &name, &from.value) {
            continue;
        }
        let (old, new) = (bare_ident(&from.value), bare_ident(&to.value));
        let kind = if view.is_some() || alter.relation == Relation::View { "view" } else { "table" };
        out.push(
            cx.finding(
                Span::new(from.span.start, to.span.end),
                format!("renames column `{old}` of `{name}` to `{new}`: programs that use the old name fail at once"),
            )
            .label("the old name and the new one")
            .object(&name)
            .help(format!("add `{new}` beside it, fill it by a trigger, and drop `{old}` when no released program names it; or keep the {kind}'s column and give programs the new name by a view")),
        );
    }
}

/// Whether the file goes on to make a column of the old name, or a relation of the table's.
fn is_back(cx: &EventCx<'_>, table: &QName, column: &str) -> bool {
    is_made_later(cx, table)
        || table_goes(cx, table)
        || cx.later().any(|event| match &event.stmt.kind {
            StmtKind::AlterTable(alter) if cx.resolve(&alter.name) == *table => {
                alter.actions.iter().any(|action| match &action.kind {
                    TableActionKind::AddColumn { column: new, .. } => new.name.value == column,
                    TableActionKind::RenameColumn { to, .. } => to.value == column,
                    _ => false,
                })
            }
            _ => false,
        })
}
