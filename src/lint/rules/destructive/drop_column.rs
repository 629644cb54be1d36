//! `drop-column`: a column of a table that was there before this migration is dropped.

use super::gone::{actions, table_goes};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::TableActionKind;
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-column",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a column of a table that was there before this migration is dropped",
    effect: "its values are gone with the commit, and every program that still selects or inserts it fails",
    remedy: "release a program that does not name it, then drop it; say with `-- dbctl:ignore drop-column: …` that this has happened",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html",
        "https://www.postgresql.org/docs/18/ddl-alter.html#DDL-ALTER-REMOVING-A-COLUMN",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders drop column note;\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table only public.orders drop column if exists note, drop user_id;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, note text);\nalter table public.orders drop column note;\n",
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders add column scratch int;\nalter table public.orders drop column scratch;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some((alter, table)) = actions(cx) else { return };
    for action in &alter.actions {
        let TableActionKind::DropColumn { name, if_exists, .. } = &action.kind else { continue };
        let known = cx.table(&alter.name);
        let column = known.and_then(|it| it.column(&name.value));
        if column.is_some_and(|column| column.created.is_in(cx.file.id)) || table_goes(cx, &table) {
            continue;
        }
        // The chain made the table whole, and this column is not in it: the guard finds nothing.
        let is_whole = known.is_some_and(|it| it.complete && !it.is_platform()) && cx.schema.opaque.is_empty();
        if *if_exists && is_whole && column.is_none() {
            continue;
        }
        let shown = bare_ident(&name.value);
        let cost = match column.and_then(|column| column.generated) {
            Some(_) => "which programs may still read",
            None => "with all its values",
        };
        let joined = if cost.starts_with("with ") { "" } else { "," };
        out.push(
            cx.finding(name.span, format!("drops column `{shown}` of `{table}`{joined} {cost}"))
                .label("programs that name it fail")
                .object(&table)
                .help(format!(
                    "first release a program that neither reads nor writes `{shown}`; the column can stay meanwhile"
                )),
        );
    }
}
