//! `drop-constraint`: a constraint is dropped and not added again in this migration.

use super::gone::{actions, is_same_table, table_goes};
use crate::diagnostic::Level;
use crate::lint::Event;
use crate::lint::schema::{Constraint, ConstraintDef, QName, Table};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{
    AlterObject, ConstraintKind, ExprKind, Ident, ObjectAction, StmtKind, TableActionKind, TableConstraint,
};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-constraint",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a constraint is dropped and not added again in this migration",
    effect: "rows that break the rule come in from then on, and nobody can tell which those were when it is wanted back; a foreign key that goes leaves rows without their parent",
    remedy: "add its successor in the same statement",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html",
        "https://www.postgresql.org/docs/18/ddl-constraints.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders drop constraint orders_pkey;\n",
        "create domain public.email as text constraint has_at check (value like '%@%');\n-- then\nalter domain public.email drop constraint if exists has_at;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint not null default 0, note text);\n-- then\nalter table public.orders drop constraint orders_pkey, add constraint orders_pkey primary key (id, user_id);\n",
        "create table public.orders (id bigint primary key, note text, constraint note_set check (note is not null) not valid);\n-- then\nalter table public.orders validate constraint note_set;\nalter table public.orders alter column note set not null;\nalter table public.orders drop constraint note_set;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    if let StmtKind::AlterObject(alter) = &cx.stmt().kind {
        of_domain(cx, alter, out);
        return;
    }
    let Some((alter, table)) = actions(cx) else { return };
    for action in &alter.actions {
        let TableActionKind::DropConstraint { name, if_exists, .. } = &action.kind else { continue };
        let known = cx.table(&alter.name);
        let constraint = known.and_then(|it| it.constraint(&name.value));
        if constraint.is_some_and(|it| it.created.is_in(cx.file.id) || is_needless(known, it)) {
            continue;
        }
        let is_whole = known.is_some_and(|it| it.complete && !it.is_platform()) && cx.schema.opaque.is_empty();
        if (*if_exists && is_whole && constraint.is_none())
            || is_replaced(cx, &table, &name.value, constraint)
            || table_goes(cx, &table)
        {
            continue;
        }
        let shown = bare_ident(&name.value);
        let cost = match constraint.map(|it| &it.def) {
            Some(ConstraintDef::ForeignKey(_)) => ": rows can lose the row they refer to",
            Some(ConstraintDef::PrimaryKey | ConstraintDef::Unique | ConstraintDef::Exclude) => {
                ": duplicates can come in"
            }
            Some(ConstraintDef::Check(_)) | None => ": rows that break it can come in",
        };
        out.push(
            cx.finding(name.span, format!("drops constraint `{shown}` of `{table}`{cost}"))
                .label("no longer enforced")
                .object(&table)
                .help(format!("add what replaces it in the same statement: `alter table {table} drop constraint if exists {shown}, add constraint {shown} …`")),
        );
    }
}

fn of_domain(cx: &EventCx<'_>, alter: &AlterObject, out: &mut Findings) {
    let ObjectAction::DropConstraint { name, .. } = &alter.action else { return };
    let Some(written) = &alter.name else { return };
    let domain = cx.resolve(written);
    let is_back = cx.later().any(|event| match &event.stmt.kind {
        StmtKind::AlterObject(later) => {
            matches!(later.action, ObjectAction::AddConstraint { .. })
                && later.name.as_ref().is_some_and(|name| cx.resolve(name) == domain)
        }
        _ => false,
    });
    let is_new = cx.schema.types.get(&domain).is_some_and(|it| it.created.is_in(cx.file.id));
    if !is_back && !is_new {
        let shown = bare_ident(&name.value);
        let mut finding = cx
            .finding(
                name.span,
                format!("drops constraint `{shown}` of domain `{domain}`: values that break it can come in"),
            )
            .label("no longer enforced")
            .about(domain.to_string())
            .help("add the constraint that replaces it in this file");
        // Tables with columns of the domain are not locked.
        finding.lock = None;
        out.push(finding);
    }
}

/// Whether the column says the same already: `check (c is not null)` beside `not null`.
fn is_needless(table: Option<&Table>, constraint: &Constraint) -> bool {
    let ConstraintDef::Check(expr) = &constraint.def else { return false };
    let ExprKind::Is { expr, not: true, what } = &expr.kind else { return false };
    what == "null"
        && expr
            .as_column()
            .and_then(|parts| parts.last())
            .is_some_and(|column| table.and_then(|it| it.column(&column.value)).is_some_and(|column| column.not_null))
}

/// Whether the file adds a constraint of the same name, or of the same kind on the same columns, before or after.
fn is_replaced(cx: &EventCx<'_>, table: &QName, name: &str, old: Option<&Constraint>) -> bool {
    let replaces = |event: &Event| match &event.stmt.kind {
        StmtKind::AlterTable(alter) if is_same_table(cx, &alter.name, table) => {
            alter.actions.iter().any(|action| match &action.kind {
                TableActionKind::AddConstraint(new) => {
                    new.name.as_ref().is_some_and(|it| it.value == name)
                        || old.is_some_and(|old| does_the_same(old, new))
                }
                TableActionKind::RenameConstraint { to, .. } => to.value == name,
                TableActionKind::DropColumn { name, .. } => old.is_some_and(|old| old.columns.contains(&name.value)),
                _ => false,
            })
        }
        _ => false,
    };
    cx.later().chain([cx.event]).any(replaces) || cx.earlier().any(replaces)
}

fn does_the_same(old: &Constraint, new: &TableConstraint) -> bool {
    let same = |columns: &[Ident]| {
        columns.len() == old.columns.len() && columns.iter().all(|column| old.columns.contains(&column.value))
    };
    match (&old.def, &new.kind) {
        (ConstraintDef::ForeignKey(_), ConstraintKind::ForeignKey { columns, .. }) => same(columns),
        (
            ConstraintDef::PrimaryKey | ConstraintDef::Unique,
            ConstraintKind::PrimaryKey { columns, using_index } | ConstraintKind::Unique { columns, using_index, .. },
        ) => using_index.is_some() || same(columns) || matches!(old.def, ConstraintDef::PrimaryKey),
        (ConstraintDef::Check(_), ConstraintKind::Check { expr, .. }) => {
            let mentioned = |column: &String| {
                expr.all()
                    .iter()
                    .any(|it| it.as_column().and_then(|parts| parts.last()).is_some_and(|part| part.value == *column))
            };
            !old.columns.is_empty() && old.columns.iter().all(mentioned)
        }
        _ => false,
    }
}
