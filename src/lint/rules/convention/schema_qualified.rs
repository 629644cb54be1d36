//! `schema-qualified`: names that the search path decides.

use crate::diagnostic::Level;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{ColumnConstraintKind, ConstraintKind, Name, ObjectKind, Persistence, StmtKind, TableActionKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "schema-qualified",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a table, view, function, type or sequence is named without its schema",
    effect: "the search path decides what is meant: with another one the migration creates or changes something else, or fails",
    remedy: "write the schema before the name",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-schemas.html#DDL-SCHEMAS-PATH"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table orders add column note text;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column note text;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let mut look = |name: &Name, new: bool| {
        if name.schema().is_some() || name.parts.is_empty() {
            return;
        }
        if cx.table(name).is_some_and(crate::lint::schema::Table::is_temporary) {
            return;
        }
        let full = if new { cx.schema.creation(name) } else { cx.resolve(name) };
        let schema = format!("{}.", bare_ident(&full.schema));
        out.push(
            cx.finding(name.span, format!("the search path decides what `{}` is", bare_ident(name.object())))
                .label("no schema")
                .object(&full)
                .help(format!("write `{full}`"))
                .fix(Fix::safe("write the schema", vec![Edit::insert(name.span.start, schema)])),
        );
    };
    match &cx.stmt().kind {
        StmtKind::CreateTable(it) if it.persistence != Persistence::Temporary => {
            look(&it.name, true);
            let others = it.like.iter().map(|like| &like.table).chain(&it.inherits).chain(&it.of_type);
            others.chain(&it.partition_of).for_each(|name| look(name, false));
            let inline = it.columns.iter().flat_map(|column| &column.constraints);
            for constraint in inline {
                if let ColumnConstraintKind::References(key) = &constraint.kind {
                    look(&key.table, false);
                }
            }
            for constraint in &it.constraints {
                if let ConstraintKind::ForeignKey { reference, .. } = &constraint.kind {
                    look(&reference.table, false);
                }
            }
        }
        StmtKind::CreateTableAs(it) if it.persistence != Persistence::Temporary => {
            look(&it.name, true);
            it.query.iter().flat_map(crate::sql::ast::Query::relations).for_each(|name| read(&name, &mut look));
        }
        StmtKind::CreateView(it) if !it.temporary => {
            look(&it.name, true);
            it.query.relations().iter().for_each(|name| read(name, &mut look));
        }
        StmtKind::AlterTable(it) => {
            look(&it.name, false);
            for action in &it.actions {
                match &action.kind {
                    TableActionKind::AddConstraint(added) => {
                        if let ConstraintKind::ForeignKey { reference, .. } = &added.kind {
                            look(&reference.table, false);
                        }
                    }
                    TableActionKind::AddColumn { column, .. } => {
                        for constraint in &column.constraints {
                            if let ColumnConstraintKind::References(key) = &constraint.kind {
                                look(&key.table, false);
                            }
                        }
                    }
                    TableActionKind::AttachPartition { table, .. }
                    | TableActionKind::DetachPartition { table, .. }
                    | TableActionKind::Inherit { table, .. } => look(table, false),
                    _ => {}
                }
            }
        }
        StmtKind::CreateIndex(it) => look(&it.table, false),
        StmtKind::RefreshView { name, .. } => look(name, false),
        StmtKind::CreateRoutine(it) => look(&it.name, true),
        StmtKind::AlterRoutine(it) => look(&it.routine.name, false),
        StmtKind::CreateTrigger(it) => {
            look(&it.table, false);
            read(&it.function, &mut look);
        }
        StmtKind::CreatePolicy(it) => look(&it.table, false),
        StmtKind::AlterPolicy(it) => look(&it.table, false),
        StmtKind::CreateType(it) => look(&it.name, true),
        StmtKind::AlterEnum(it) => look(&it.name, false),
        StmtKind::CreateDomain(it) => look(&it.name, true),
        StmtKind::CreateSequence(it) if !it.temporary => look(&it.name, true),
        StmtKind::Drop(it) => {
            it.on.iter().for_each(|name| look(name, false));
            it.routines.iter().for_each(|routine| look(&routine.name, false));
            if has_schema(it.kind) {
                it.names.iter().for_each(|name| look(name, false));
            }
        }
        StmtKind::Insert(it) => look(&it.table, false),
        StmtKind::Update(it) => look(&it.table, false),
        StmtKind::Delete(it) => look(&it.table, false),
        StmtKind::Truncate { tables, .. } | StmtKind::Lock { tables, .. } => {
            for name in tables {
                look(name, false);
            }
        }
        StmtKind::Select(query) => query.relations().iter().for_each(|name| read(name, &mut look)),
        _ => {}
    }
}

/// Something that is only read: the system's own need no schema.
fn read(name: &Name, look: &mut impl FnMut(&Name, bool)) {
    if !name.object().starts_with("pg_") && !name.object().starts_with("tsvector_update_trigger") {
        look(name, false);
    }
}

/// Whether objects of the kind are in a schema and named by themselves; functions and the like are looked at with their arguments.
fn has_schema(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Domain
            | ObjectKind::ForeignTable
            | ObjectKind::Index
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence
            | ObjectKind::Table
            | ObjectKind::Type
            | ObjectKind::View
    )
}
