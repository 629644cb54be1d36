//! `duplicate-object`: something is created that an earlier migration has created already.

use super::object::of_words;
use super::types::same_arguments;
use crate::diagnostic::Level;
use crate::lint::schema::{Place, QName, TypeKind};
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{AlterTable, ArgMode, Name, Relation, StmtKind, TableActionKind, TypeName};
use crate::text::{Span, bare_ident};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-object",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a `create` or `add` of something that is there already",
    effect: "on a database that has run the earlier migrations this one fails (42P07, 42710, 42701 and their kin)",
    remedy: "choose another name, alter what is there, or drop it first",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/errcodes-appendix.html"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\ncreate table public.orders (id bigint primary key, note text);",
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column id bigint;",
    ],
    good: &[
        "create table public.orders (id bigint primary key);\n-- then\ndrop table public.orders;\ncreate table public.orders (id bigint primary key, note text);",
        "create function public.total() returns integer language sql as $$ select 1 $$;\n-- then\ncreate function public.total(integer) returns integer language sql as $$ select $1 $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    // After dynamic SQL a drop may have gone unseen.
    if !cx.event.guards.is_empty() || !cx.schema.opaque.is_empty() {
        return;
    }
    match &cx.stmt().kind {
        StmtKind::CreateTable(create) if !create.if_not_exists => relation(cx, &create.name, out),
        StmtKind::CreateTableAs(create) if !create.if_not_exists => relation(cx, &create.name, out),
        StmtKind::CreateView(create) if !create.if_not_exists && !create.or_replace => relation(cx, &create.name, out),
        StmtKind::CreateSequence(create) if !create.if_not_exists => relation(cx, &create.name, out),
        StmtKind::CreateIndex(create) if !create.if_not_exists => {
            if let Some(name) = &create.name {
                let table = cx.resolve(&create.table);
                report_relation(cx, &QName::new(table.schema, name.value.as_str()), name.span, out);
            }
        }
        StmtKind::CreateType(create) => type_(cx, &create.name, out),
        StmtKind::CreateDomain(create) => type_(cx, &create.name, out),
        StmtKind::CreateSchema(create) if !create.if_not_exists => {
            let place = cx.schema.schemas.get(&create.name.value).copied();
            report(cx, place, create.name.span, &format!("schema `{}`", bare_ident(&create.name.value)), out);
        }
        StmtKind::CreateExtension(create) if !create.if_not_exists => {
            let place = cx.schema.extensions.get(&create.name.value).map(|(place, _)| *place);
            report(cx, place, create.name.span, &format!("extension `{}`", bare_ident(&create.name.value)), out);
        }
        StmtKind::CreateRole(create) if !create.alter => {
            let place = cx.schema.roles.get(&create.name.value).copied();
            report(cx, place, create.name.span, &format!("role `{}`", bare_ident(&create.name.value)), out);
        }
        StmtKind::CreateRoutine(create) if !create.or_replace => {
            let inputs = create.parameters.iter().filter(|parameter| parameter.mode != ArgMode::Out);
            let args: Vec<TypeName> = inputs.map(|parameter| parameter.type_name.clone()).collect();
            let name = cx.schema.creation(&create.name);
            let list = cx.schema.functions.get(&name).map_or(&[][..], Vec::as_slice);
            let old = list.iter().find(|old| same_arguments(&old.args, &args));
            report(cx, old.map(|old| old.created), create.name.span, &format!("function `{name}`"), out);
        }
        StmtKind::CreateTrigger(create) if !create.or_replace => {
            let table = cx.resolve(&create.table);
            let triggers = cx.schema.tables.get(&table).into_iter().flat_map(|table| &table.triggers);
            let old = triggers.chain(cx.schema.views.get(&table).into_iter().flat_map(|view| &view.triggers));
            let old = old.into_iter().find(|trigger| trigger.name == create.name.value).map(|trigger| trigger.created);
            report(
                cx,
                old,
                create.name.span,
                &format!("trigger `{}` of `{table}`", bare_ident(&create.name.value)),
                out,
            );
        }
        StmtKind::CreatePolicy(create) => {
            let table = cx.resolve(&create.table);
            let policies = cx.schema.tables.get(&table).into_iter().flat_map(|table| &table.policies);
            let old = policies.into_iter().find(|policy| policy.name == create.name.value).map(|policy| policy.created);
            report(
                cx,
                old,
                create.name.span,
                &format!("policy `{}` of `{table}`", bare_ident(&create.name.value)),
                out,
            );
        }
        StmtKind::AlterTable(alter) if alter.relation == Relation::Table => altered(cx, alter, out),
        StmtKind::AlterEnum(alter) if !alter.if_not_exists => {
            let name = cx.resolve(&alter.name);
            if let Some(TypeKind::Enum(labels)) = cx.schema.types.get(&name).map(|of| &of.kind) {
                let old = labels.iter().find(|label| label.label == alter.value).map(|label| label.created);
                report(cx, old, alter.value_span, &format!("label `{}` of `{name}`", alter.value), out);
            }
        }
        _ => {}
    }
}

fn altered(cx: &EventCx<'_>, alter: &AlterTable, out: &mut Findings) {
    let Some(table) = cx.table(&alter.name) else { return };
    let name = &table.name;
    let dropped = |wanted: &str| {
        alter.actions.iter().any(|action| match &action.kind {
            TableActionKind::DropColumn { name, .. } | TableActionKind::DropConstraint { name, .. } => {
                name.value == wanted
            }
            _ => false,
        })
    };
    for action in &alter.actions {
        match &action.kind {
            TableActionKind::AddColumn { if_not_exists: false, column } if !dropped(&column.name.value) => {
                let old = table.column(&column.name.value).map(|column| column.created);
                report(
                    cx,
                    old,
                    column.name.span,
                    &format!("column `{}` of `{name}`", bare_ident(&column.name.value)),
                    out,
                );
            }
            TableActionKind::AddConstraint(constraint) => {
                let Some(own) = constraint.name.as_ref().filter(|own| !dropped(&own.value)) else { continue };
                let old = table.constraint(&own.value).map(|constraint| constraint.created);
                report(cx, old, own.span, &format!("constraint `{}` of `{name}`", bare_ident(&own.value)), out);
            }
            _ => {}
        }
    }
}

fn relation(cx: &EventCx<'_>, name: &Name, out: &mut Findings) {
    report_relation(cx, &cx.schema.creation(name), name.span, out);
}

/// Tables, views, indexes and sequences share their names.
fn report_relation(cx: &EventCx<'_>, name: &QName, span: Span, out: &mut Findings) {
    let schema = cx.schema;
    let (place, kind) = if let Some(table) = schema.tables.get(name).filter(|table| !table.is_temporary()) {
        (table.created, "table")
    } else if let Some(view) = schema.views.get(name) {
        (view.created, "view")
    } else if let Some(index) = schema.indexes.get(name) {
        (index.created, "index")
    } else if let Some((place, _)) = schema.sequences.get(name) {
        (*place, "sequence")
    } else {
        return;
    };
    report(cx, Some(place), span, &format!("{kind} `{name}`"), out);
}

fn type_(cx: &EventCx<'_>, name: &Name, out: &mut Findings) {
    let qualified = cx.schema.creation(name);
    let place = cx.schema.types.get(&qualified).map(|of| of.created);
    report(cx, place, name.span, &format!("type `{qualified}`"), out);
}

fn report(cx: &EventCx<'_>, place: Option<Place>, span: Span, what: &str, out: &mut Findings) {
    // What the platform has made is not there everywhere.
    let Some(place) = place.filter(|place| place.file.is_some()) else { return };
    out.push(
        cx.finding(span, format!("{what} is there already"))
            .label("fails where the earlier one has run")
            .see(place, "created here")
            .about(of_words(what))
            .help("choose another name, alter what is there, or drop it first"),
    );
}
