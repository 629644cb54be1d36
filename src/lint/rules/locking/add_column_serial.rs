//! `add-column-serial`: a new column that counts numbers every row, which rewrites the table.

use crate::diagnostic::Level;
use crate::lint::ask::in_use::{altered, numbered};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "add-column-serial",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`add column` of a serial type or `as identity` on a table that this migration did not create",
    effect: "every row gets its number at once: the table and all its indexes are rebuilt under ACCESS EXCLUSIVE, and nobody reads \
             or writes meanwhile",
    remedy: "add a plain `bigint` column, create a sequence and make it the default for new rows, fill the old rows in batches, \
             and only then make it `not null`",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES",
        "https://www.postgresql.org/docs/18/ddl-identity-columns.html",
    ],
    bad: &[
        "create table public.orders (id uuid primary key);\n-- then\nalter table public.orders add column number bigserial;",
        "create table public.orders (id uuid primary key);\n-- then\nalter table public.orders add column number bigint generated always as identity;",
    ],
    good: &[
        "create table public.orders (id uuid primary key);\n-- then\nalter table public.orders add column number bigint;",
        "create table public.orders (id uuid primary key);\nalter table public.orders add column number bigserial;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for (_, column) in altered.added() {
        let Some(span) = numbered(column) else { continue };
        let (name, table) = (bare_ident(&column.name.value), &altered.alter.name);
        let sequence = format!("{}_{}_seq", altered.name.name, column.name.value);
        let finding = cx
            .finding(span, format!("numbering every row for the new column `{name}` rewrites `{}`", altered.name))
            .label("every row gets its number now")
            .object(&altered.name)
            .help(format!(
                "number new rows from now on, and fill the old ones in batches:\n\
                 create sequence if not exists {sequence};\n\
                 alter table {table} add column if not exists {name} bigint, alter column {name} set default nextval('{sequence}');\n\
                 alter sequence {sequence} owned by {table}.{name};",
                sequence = bare_ident(&sequence),
            ));
        out.push(finding);
    }
}
