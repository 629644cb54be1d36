//! `update-without-where`: every row of a table is written anew in one statement.

use super::row_writes::{of_every_row, of_rows, row_locks};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;

pub(super) static RULE: Rule = Rule {
    id: "update-without-where",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`update` without `where`, or with one that is always true, on a table that this migration did not create",
    effect: "every row is written anew and stays locked to the end of the transaction: the table doubles, writers of any row wait, and \
             what the rows said before is gone",
    remedy: "say which rows are meant, and change many in batches outside the migration",
    lock: Some(LockMode::RowExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-update.html"],
    bad: &[
        "create table public.orders (id bigint primary key, state text);\n-- then\nupdate public.orders set state = 'new';",
        "create table public.orders (id bigint primary key, state text);\n-- then\nupdate public.orders set state = 'new' where true;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, state text);\n-- then\nupdate public.orders set state = 'new' where state is null;",
        "create table public.orders (id bigint primary key, state text);\ninsert into public.orders values (1);\nupdate public.orders set state = 'new';",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    for (write, has_filter) in of_every_row(cx, false) {
        let name = cx.resolve(write.table);
        let label = if has_filter { "this condition is always true" } else { "no `where`" };
        let span = write.filter.map_or(write.table.span, |filter| filter.span);
        out.push(of_rows(
            cx.finding(
                span,
                format!(
                    "every row of `{name}` is written anew: other updates and deletes wait until the transaction ends"
                ),
            )
            .label(label)
            .object(&name)
            .note(row_locks(&name))
            .help(format!("update in batches: update {} set … where …;", write.table)),
        ));
    }
}
