//! `fk-not-valid`: a foreign key that is checked for every row at once keeps writers off two tables.

use crate::diagnostic::Level;
use crate::lint::ask::in_use::{Altered, altered, list};
use crate::lint::rules::suggest;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Origin, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{
    Column, ColumnConstraintKind, ConstraintKind, ForeignKey, Ident, TableAction, TableActionKind, TableConstraint,
};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "fk-not-valid",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a foreign key added to a table that this migration did not create, without `not valid`",
    effect: "every row is looked up under a SHARE ROW EXCLUSIVE lock on both tables: inserts, updates and deletes in either wait \
             until all are checked. A new column without a default is not checked, and locks both tables for a moment only",
    remedy: "add it `not valid`, which holds for new rows, and validate it in a later migration: that lets writes go on",
    lock: Some(LockMode::ShareRowExclusive),
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
    bad: &[
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id bigint);\n-- then\nalter table public.orders add constraint orders_user_id_fkey foreign key (user_id) references public.users (id);",
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id bigint);\n-- then\nalter table public.orders add foreign key (user_id) references public.users on delete cascade;",
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column user_id bigint default 1 references public.users;",
    ],
    good: &[
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id bigint);\n-- then\nalter table public.orders add constraint orders_user_id_fkey foreign key (user_id) references public.users (id) not valid;",
        "create table public.users (id bigint primary key);\n-- then\ncreate table public.orders (id bigint primary key, user_id bigint);\nalter table public.orders add foreign key (user_id) references public.users;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for action in &altered.alter.actions {
        match &action.kind {
            TableActionKind::AddConstraint(constraint) if !constraint.not_valid && !constraint.not_enforced => {
                if let ConstraintKind::ForeignKey { columns, reference } = &constraint.kind {
                    added(cx, &altered, (action, constraint), columns, reference, out);
                }
            }
            TableActionKind::AddColumn { column, .. } => inline(cx, &altered, column, out),
            _ => {}
        }
    }
}

fn added(
    cx: &EventCx<'_>,
    altered: &Altered<'_>,
    (action, constraint): (&TableAction, &TableConstraint),
    columns: &[Ident],
    reference: &ForeignKey,
    out: &mut Findings,
) {
    let finding = cx
        .finding(
            constraint.span,
            format!("checking the foreign key of every row blocks writes to {}", both(cx, altered, reference)),
        )
        .label("every row is looked up while writers wait")
        .object(&altered.name);
    // A partitioned table cannot have a foreign key that is not valid before PostgreSQL 18.
    if altered.is_partitioned() && cx.config.pg_version < 18 {
        out.push(finding.help(format!(
            "add it `not valid` to each partition, validate it there in a later migration, and add it to `{}` last",
            altered.name
        )));
        return;
    }
    let names: Vec<&str> = columns.iter().map(|column| column.value.as_str()).collect();
    let name =
        constraint.name.as_ref().map(|name| name.value.clone()).or_else(|| altered.constraint_name(&names, "fkey"));
    let finding = finding.help(format!(
        "add it `not valid`, and in a later migration:\nalter table {} validate constraint {};",
        altered.alter.name,
        name.as_deref().map_or_else(|| "its_name".into(), bare_ident),
    ));
    out.push(match name.and_then(|name| not_valid(cx, altered, action, constraint, &name)) {
        Some(fix) => finding.fix(fix),
        None => finding,
    });
}

/// Both tables as words; one where a table refers to itself, or to one that nobody else knows yet.
fn both(cx: &EventCx<'_>, altered: &Altered<'_>, reference: &ForeignKey) -> String {
    let other = cx.resolve(&reference.table);
    if other == altered.name || !cx.is_in_use(&reference.table) {
        format!("`{}`", altered.name)
    } else {
        format!("`{}` and `{other}`", altered.name)
    }
}

/// `references` at a new column.
fn inline(cx: &EventCx<'_>, altered: &Altered<'_>, column: &Column, out: &mut Findings) {
    let has_value = column.constraints.iter().any(|it| {
        matches!(
            it.kind,
            ColumnConstraintKind::Default(_)
                | ColumnConstraintKind::Generated { .. }
                | ColumnConstraintKind::Identity(_)
        )
    });
    for constraint in &column.constraints {
        let ColumnConstraintKind::References(reference) = &constraint.kind else { continue };
        let other = cx.resolve(&reference.table);
        let (table, name) = (&altered.alter.name, list(std::slice::from_ref(&column.name)));
        if has_value {
            let message =
                format!("checking the foreign key of every row blocks writes to {}", both(cx, altered, reference));
            let finding = cx
                .finding(constraint.span, message)
                .label("the default is looked up for every row while writers wait")
                .object(&other)
                .help(format!(
                    "add the column first and the foreign key `not valid` after it:\n\
                     alter table {table} {};",
                    suggest::constraint(
                        &format!("{}_{}_fkey", altered.name.name, column.name.value),
                        format!("foreign key ({name}) {} not valid", cx.text(reference.span))
                    )
                ));
            out.push(finding);
        } else if cx.is_in_use(&reference.table) && other != altered.name {
            // No row is looked up, but both locks are taken, one after the other.
            let finding = cx
                .finding(
                    constraint.span,
                    format!("adding the reference blocks writes to `{other}` while `{}` is locked", altered.name),
                )
                .label("no row is checked, but writers of both tables wait for the transaction's end")
                .object(&other)
                .at_level(Level::Note)
                .help("keep the migration short: nothing that takes long may follow in it");
            out.push(finding);
        }
    }
}

/// The fix of a table constraint: `not valid` here, and a migration that validates it; what has no name gets the one that
/// PostgreSQL would give it.
pub(super) fn not_valid(
    cx: &EventCx<'_>,
    altered: &Altered<'_>,
    action: &TableAction,
    constraint: &TableConstraint,
    name: &str,
) -> Option<Fix> {
    if !matches!(cx.event.origin, Origin::Top | Origin::Do) {
        return None;
    }
    let mut edits = vec![Edit::insert(action.span.end, " not valid")];
    if constraint.name.is_none() {
        edits.push(Edit::insert(constraint.span.start, format!("constraint {} ", bare_ident(name))));
    }
    let sql = format!("alter table {} validate constraint {};\n", altered.alter.name, bare_ident(name));
    Some(
        Fix::safe("add it `not valid`, and validate it in a later migration", edits)
            .adding(format!("validate_{name}"), sql),
    )
}
