//! `add-column-volatile-default`: a new column whose default differs for every row rewrites the table.

use crate::diagnostic::Level;
use crate::lint::ask::in_use::altered;
use crate::lint::ask::volatile::{Calls, volatile_call};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::ColumnConstraintKind;
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "add-column-volatile-default",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`add column` with a default that calls a volatile function, on a table that this migration did not create",
    effect: "PostgreSQL keeps a constant default beside the table, but must write every row anew for one that differs from row to \
             row: the table and all its indexes are rebuilt under ACCESS EXCLUSIVE, and nobody reads or writes meanwhile",
    remedy: "add the column without default, set the default in a second action (it holds for new rows only), and fill the old rows \
             in batches later",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        "https://www.postgresql.org/docs/18/xfunc-volatility.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column token uuid default gen_random_uuid();",
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column seen_at timestamptz not null default clock_timestamp() + interval '1 day';",
        "create table public.orders (id bigint primary key);\ncreate function public.code() returns text language sql as 'select random()::text';\n-- then\nalter table public.orders add column code text default public.code();",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column seen_at timestamptz not null default now();",
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column token uuid, alter column token set default gen_random_uuid();",
        "create table public.orders (id bigint primary key);\nalter table public.orders add column token uuid default gen_random_uuid();",
        "create table public.orders (id bigint primary key);\ncreate function public.kind() returns text language sql stable as 'select ''a''::text';\n-- then\nalter table public.orders add column kind text default lower(public.kind());",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for (_, column) in altered.added() {
        for constraint in &column.constraints {
            let ColumnConstraintKind::Default(expr) = &constraint.kind else { continue };
            let Some((call, function, calls)) = volatile_call(cx, expr) else { continue };
            let name = bare_ident(&column.name.value);
            let mut finding = cx
                .finding(expr.span, format!("the default of the new column `{name}` rewrites `{}`", altered.name))
                .object(&altered.name)
                .help(format!(
                    "add the column first, then its default, and fill the old rows in batches:\n\
                     alter table {table} add column if not exists {name} {type_name}, alter column {name} set default {default};",
                    table = altered.alter.name,
                    type_name = column.type_name.as_ref().map_or("…", |it| cx.text(it.span)),
                    default = cx.text(expr.span),
                ));
            finding = match calls {
                Calls::Volatile => finding.label(format!("`{function}` gives another value for every row")),
                Calls::Unknown => finding.label(format!("`{function}` may give another value for every row")).note(
                    format!("`{}` is volatile unless it was created `stable` or `immutable`", cx.text(call.span)),
                ),
            };
            out.push(finding);
        }
    }
}
