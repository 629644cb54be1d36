//! `add-column-stored-generated`: a new stored generated column rewrites the table.

use crate::diagnostic::Level;
use crate::lint::ask::in_use::altered;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::ColumnConstraintKind;
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "add-column-stored-generated",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`add column … generated always as (…) stored` on a table that this migration did not create",
    effect: "the value must be computed and stored for every row: the table and all its indexes are rebuilt under ACCESS EXCLUSIVE, \
             and nobody reads or writes meanwhile",
    remedy: "add a plain column, keep it with a trigger, and fill the old rows in batches; from PostgreSQL 18 on a `virtual` \
             generated column costs nothing to add",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/ddl-generated-columns.html",
        "https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, net numeric, tax numeric);\n-- then\nalter table public.orders add column gross numeric generated always as (net + tax) stored;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, net numeric, tax numeric);\n-- then\nalter table public.orders add column gross numeric;",
        "create table public.orders (id bigint primary key, net numeric, gross numeric generated always as (net * 2) stored);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for (_, column) in altered.added() {
        for constraint in &column.constraints {
            if !matches!(constraint.kind, ColumnConstraintKind::Generated { stored: true, .. }) {
                continue;
            }
            let name = bare_ident(&column.name.value);
            let help = if cx.config.pg_version >= 18 {
                "make it `virtual`, or add a plain column, keep it with a trigger, and fill the old rows in batches"
            } else {
                "add a plain column, keep it with a trigger, and fill the old rows in batches"
            };
            let finding = cx
                .finding(constraint.span, format!("the stored generated column `{name}` rewrites `{}`", altered.name))
                .label("computed and written for every row")
                .object(&altered.name)
                .help(help);
            out.push(finding);
        }
    }
}
