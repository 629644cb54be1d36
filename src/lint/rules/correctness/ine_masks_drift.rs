//! `ine-masks-drift`: `if not exists` leaves something as it is that is not as the statement says.

use super::types::declared_alike;
use crate::diagnostic::Level;
use crate::lint::schema::{Index, IndexKey, Place, Table};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{AlterTable, Column, CreateIndex, CreateTable, ExprKind, StmtKind, TableActionKind};
use crate::text::{Span, bare_ident};

pub(super) static RULE: Rule = Rule {
    id: "ine-masks-drift",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`create … if not exists` or `add column if not exists` of something that an earlier migration has made otherwise",
    effect: "PostgreSQL compares the name only and goes on: the statement does nothing, and the database is not what the migration \
             says",
    remedy: "alter what is there",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createtable.html"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\ncreate table if not exists public.orders (id bigint primary key, note text);",
        "create table public.orders (id bigint primary key, note integer);\n-- then\nalter table public.orders add column if not exists note text;",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\n-- then\ncreate table if not exists public.orders (id bigint primary key);",
        "create table public.orders (id bigint primary key, note text);\n-- then\n-- it is there already, and the same\nalter table public.orders add column if not exists note text;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    if !cx.event.guards.is_empty() || !cx.schema.opaque.is_empty() {
        return;
    }
    match &cx.stmt().kind {
        StmtKind::CreateTable(create) if create.if_not_exists => table(cx, create, out),
        StmtKind::CreateIndex(create) if create.if_not_exists => index(cx, create, out),
        StmtKind::AlterTable(alter) => columns(cx, alter, out),
        _ => {}
    }
}

fn table(cx: &EventCx<'_>, create: &CreateTable, out: &mut Findings) {
    let name = cx.schema.creation(&create.name);
    let Some(old) = cx.schema.tables.get(&name).filter(|old| old.complete && old.created.file.is_some()) else {
        return;
    };
    let differ: Vec<String> = create
        .columns
        .iter()
        .filter_map(|column| match old.column(&column.name.value) {
            None => Some(format!("it has no `{}`", bare_ident(&column.name.value))),
            Some(_) => other_type(old, column),
        })
        .collect();
    if let [first, ..] = differ.as_slice() {
        let finding = report(cx, create.name.span, old.created, &format!("`{name}` is there already, and {first}"));
        let finding = differ[1..].iter().fold(finding, |finding, other| finding.note(format!("and {other}")));
        out.push(finding.object(&name).help(format!("alter it: alter table {} …;", create.name)));
    }
}

fn columns(cx: &EventCx<'_>, alter: &AlterTable, out: &mut Findings) {
    for action in &alter.actions {
        let TableActionKind::AddColumn { if_not_exists: true, column } = &action.kind else { continue };
        let Some(old) = cx.table(&alter.name) else { return };
        let Some(there) = old.column(&column.name.value).filter(|there| there.created.file.is_some()) else { continue };
        if let Some(differs) = other_type(old, column) {
            let finding = report(cx, column.span, there.created, &differs);
            let of = column.type_name.as_ref().map_or_else(String::new, ToString::to_string);
            out.push(finding.object(&old.name).help(format!(
                "change its type, if that is meant: alter table {} alter column {} type {of};",
                alter.name,
                bare_ident(&column.name.value)
            )));
        }
    }
}

fn other_type(old: &Table, column: &Column) -> Option<String> {
    let there = old.column(&column.name.value)?.type_name.as_ref()?;
    let wanted = column.type_name.as_ref()?;
    (!declared_alike(there, wanted))
        .then(|| format!("its `{}` is {there}, not {wanted}", bare_ident(&column.name.value)))
}

fn index(cx: &EventCx<'_>, create: &CreateIndex, out: &mut Findings) {
    let Some(own) = &create.name else { return };
    let table = cx.resolve(&create.table);
    let name = crate::lint::schema::QName::new(table.schema.as_str(), own.value.as_str());
    let Some(old) = cx.schema.indexes.get(&name).filter(|old| old.created.file.is_some()) else { return };
    let differs = if old.table != table {
        format!("`{name}` is there already, but on `{}`", old.table)
    } else if keys(create).is_some_and(|keys| Some(keys) != keys_of(old)) {
        format!("`{name}` is there already, but with other columns")
    } else if old.unique != create.unique {
        format!("`{name}` is there already, but is {}unique", if old.unique { "" } else { "not " })
    } else if old.filter.is_some() != create.filter.is_some() {
        format!("`{name}` is there already, but {} `where`", if old.filter.is_some() { "with a" } else { "without" })
    } else {
        return;
    };
    out.push(
        report(cx, own.span, old.created, &differs)
            .object(&name)
            .help("give the new index another name, or drop the old one first"),
    );
}

/// The columns of an index that has nothing else.
fn keys(create: &CreateIndex) -> Option<Vec<&str>> {
    create
        .elements
        .iter()
        .map(|element| match &element.expr.kind {
            ExprKind::Column(parts) => parts.last().map(|part| part.value.as_str()),
            _ => None,
        })
        .collect()
}

fn keys_of(index: &Index) -> Option<Vec<&str>> {
    index
        .keys
        .iter()
        .map(|key| match key {
            IndexKey::Column(name) => Some(name.as_str()),
            IndexKey::Expr(_) => None,
        })
        .collect()
}

fn report(cx: &EventCx<'_>, span: Span, place: Place, message: &str) -> crate::lint::Finding {
    cx.finding(span, format!("{message}: `if not exists` leaves it so"))
        .label("does nothing")
        .see(place, "made otherwise here")
}
