//! `delete-without-where`: every row of a table is deleted in one statement.

use super::row_writes::{of_every_row, of_rows, row_locks};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;

pub(super) static RULE: Rule = Rule {
    id: "delete-without-where",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`delete` without `where`, or with one that is always true, on a table that this migration did not create",
    effect: "all rows go, one by one with their triggers and foreign keys; writers of any row wait until the transaction ends",
    remedy: "say which rows are meant, and delete many in batches outside the migration",
    lock: Some(LockMode::RowExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-delete.html"],
    bad: &[
        "create table public.orders (id bigint primary key, state text);\n-- then\ndelete from public.orders;",
        "create table public.orders (id bigint primary key, state text);\n-- then\ndelete from public.orders where 1 = 1;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, state text);\n-- then\ndelete from public.orders where state = 'void';",
        "create temporary table picked (id bigint);\ndelete from picked;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    for (write, has_filter) in of_every_row(cx, true) {
        let name = cx.resolve(write.table);
        let label = if has_filter { "this condition is always true" } else { "no `where`" };
        let span = write.filter.map_or(write.table.span, |filter| filter.span);
        out.push(of_rows(
            cx.finding(
                span,
                format!("every row of `{name}` is deleted: other updates and deletes wait until the transaction ends"),
            )
            .label(label)
            .object(&name)
            .note(row_locks(&name))
            .help(format!("delete in batches: delete from {} where …;", write.table)),
        ));
    }
}
