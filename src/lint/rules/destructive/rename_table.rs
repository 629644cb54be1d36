//! `rename-table`: a table that was there before this migration is renamed.

use super::gone::{actions, is_made_later};
use crate::diagnostic::Level;
use crate::lint::rules::suggest;
use crate::lint::schema::QName;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::TableActionKind;
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "rename-table",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a table that was there before this migration is renamed",
    effect: "every program that uses the old name fails at once, also the release that is still running while this one deploys",
    remedy: "leave a view of the old name behind in the same file, and drop it a release later",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html",
        "https://www.postgresql.org/docs/18/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders rename to purchases;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders rename to purchases;\ncreate view public.orders with (security_invoker = on) as select * from public.purchases;\n",
        "create table public.orders (id bigint primary key);\nalter table public.orders rename to purchases;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some((alter, table)) = actions(cx) else { return };
    for action in &alter.actions {
        let TableActionKind::Rename(to) = &action.kind else { continue };
        // A view or another table that takes the old name keeps the programs going.
        if is_made_later(cx, &table)
            || cx.schema.indexes.contains_key(&table)
            || cx.schema.sequences.contains_key(&table)
        {
            continue;
        }
        let new = bare_ident(&to.value);
        let full = QName::new(table.schema.as_str(), to.value.as_str());
        out.push(
            cx.finding(
                to.span,
                format!("renames table `{table}` to `{new}`: programs that use the old name fail at once"),
            )
            .label("the new name")
            .object(&table)
            .help(format!("leave a view behind in this file: `{};`", suggest::view_instead(&table, &full))),
        );
    }
}
