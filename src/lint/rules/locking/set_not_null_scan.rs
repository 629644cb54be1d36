//! `set-not-null-scan`: making a column `not null` reads the whole table while nobody else may.

use crate::diagnostic::Level;
use crate::lint::ask::in_use::{Altered, altered, is_settled};
use crate::lint::rules::suggest;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Origin, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{AlterColumn, ConstraintKind, Ident, TableAction, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "set-not-null-scan",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`set not null` on a column of a table that this migration did not create, without a validated check that says so",
    effect: "every row is read under ACCESS EXCLUSIVE to see that none is null, and nobody reads or writes meanwhile",
    remedy: "add `check (column is not null) not valid`, validate it in a later migration (that lets reads and writes go on), and \
             then `set not null`: PostgreSQL takes the check's word and does not look at the rows",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL"],
    bad: &[
        "create table public.orders (id bigint primary key, state text);\n-- then\nalter table public.orders alter column state set not null;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, state text);\n-- then\nalter table public.orders add constraint orders_state_not_null check (state is not null) not valid;\n-- then\nalter table public.orders validate constraint orders_state_not_null;\nalter table public.orders alter column state set not null;\nalter table public.orders drop constraint orders_state_not_null;",
        "create table public.orders (id bigint primary key, state text);\nalter table public.orders alter column state set not null;",
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column state text default 'new';\nalter table public.orders alter column state set not null;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for action in &altered.alter.actions {
        match &action.kind {
            TableActionKind::AlterColumn { name, change: AlterColumn::SetNotNull }
                if !is_settled(cx, &altered, name) =>
            {
                let finding = finding(cx, &altered, action, name);
                out.push(match fix(cx, &altered, action, name) {
                    Some(fix) => finding.fix(fix),
                    None => finding,
                });
            }
            // PostgreSQL 18 has `not null` as a constraint that can be `not valid`.
            TableActionKind::AddConstraint(constraint) if !constraint.not_valid => {
                if let ConstraintKind::NotNull(name) = &constraint.kind
                    && !is_settled(cx, &altered, name)
                {
                    out.push(finding(cx, &altered, action, name));
                }
            }
            _ => {}
        }
    }
}

fn finding(cx: &EventCx<'_>, altered: &Altered<'_>, action: &TableAction, name: &Ident) -> crate::lint::Finding {
    let (column, table) = (bare_ident(&name.value), &altered.alter.name);
    let named = format!("{}_{}_not_null", altered.name.name, name.value);
    let check = bare_ident(&named);
    let not_valid = if cx.config.pg_version >= 18 {
        suggest::constraint(&named, format!("not null {column} not valid"))
    } else {
        suggest::constraint(&named, format!("check ({column} is not null) not valid"))
    };
    let last = if cx.config.pg_version >= 18 {
        String::new()
    } else {
        format!(
            "\n-- then, which reads no row any more, and then drop the check:\n\
             alter table {table} alter column {column} set not null;"
        )
    };
    cx.finding(action.span, format!("checking `{column}` for nulls blocks every read and write of `{}`", altered.name))
        .label("reads every row")
        .object(&altered.name)
        .help(format!(
            "let a check be validated first:\n\
             alter table {table} {not_valid};\n\
             -- in the next migration:\n\
             alter table {table} validate constraint {check};{last}"
        ))
}

fn fix(cx: &EventCx<'_>, altered: &Altered<'_>, action: &TableAction, name: &Ident) -> Option<Fix> {
    if cx.event.origin != Origin::Top {
        return None;
    }
    let (column, table) = (bare_ident(&name.value), &altered.alter.name);
    let slug = altered.constraint_name(&[&name.value], "not_null")?;
    let check = bare_ident(&slug);
    let edit =
        Edit::replace(action.span, suggest::constraint(&slug, format!("check ({column} is not null) not valid")));
    Some(
        Fix::safe("add a check that is validated later, and set not null after that", vec![edit])
            .adding(format!("validate_{slug}"), format!("alter table {table} validate constraint {check};\n"))
            .adding(
                format!("set_{}_{}_not_null", altered.name.name, name.value),
                format!("alter table {table} alter column {column} set not null;\n"),
            )
            .adding(format!("drop_{slug}"), format!("alter table {table} drop constraint if exists {check};\n")),
    )
}
