//! `add-column-required`: a new column that every row must fill, and none can.

use crate::diagnostic::Level;
use crate::lint::ask::in_use::{altered, is_filled};
use crate::lint::rules::suggest;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::ColumnConstraintKind;
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "add-column-required",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`add column … not null` without a default on a table that this migration did not create",
    effect: "fails (23502, not_null_violation) as soon as the table has one row; on an empty table every writer that does not know \
             the column yet fails from then on",
    remedy: "give it a constant default, or add it nullable, fill it in batches, and make it `not null` last",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column state text not null;",
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column state text default null not null;",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column state text not null default 'new';",
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column state text;",
        "create table public.orders (id bigint primary key);\nalter table public.orders add column state text not null;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for (_, column) in altered.added() {
        let required = column
            .constraints
            .iter()
            .find(|it| matches!(it.kind, ColumnConstraintKind::NotNull | ColumnConstraintKind::PrimaryKey));
        let Some(required) = required.filter(|_| !is_filled(column)) else { continue };
        let name = bare_ident(&column.name.value);
        let table = &altered.alter.name;
        let type_name = column.type_name.as_ref().map_or("…", |it| cx.text(it.span));
        let finding = cx
            .finding(required.span, format!("`{}` cannot get the column `{name}` while it has rows", altered.name))
            .label("no row has a value for it")
            .object(&altered.name)
            .note("writers that do not name the column yet fail from then on")
            .help(format!(
                "give it a default that fits the old rows, or make it required in steps:\n\
                 alter table {table} add column if not exists {name} {type_name};\n\
                 -- fill it in batches, then, in a later migration:\n\
                 alter table {table} {};",
                suggest::constraint(
                    &format!("{}_{}_not_null", altered.name.name, column.name.value),
                    format!("check ({name} is not null) not valid")
                ),
            ));
        out.push(finding);
    }
}
