//! `rewrite-breaks-dependants`: a column changes its type, or something is dropped, while a view, a policy or something else still needs it.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use crate::lint::ask::depend::{dependants, list};
use crate::lint::ask::facts::{Key, Part};
use crate::sql::ast::{AlterColumn, AlterTable, Ident, ObjectKind, Stmt, StmtKind, TableAction, TableActionKind};
use crate::text::{Span, bare_ident};

pub(super) static RULE: Rule = Rule {
    id: "rewrite-breaks-dependants",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a column changes its type, or something is dropped, while a view, a policy or something else still needs it",
    effect: "the statement fails (0A000 or 2BP01) and the migration with it",
    remedy: "drop what depends on it before, and make it again behind, in the same file",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/ddl-depend.html",
        "https://www.postgresql.org/docs/18/sql-altertable.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, note varchar(10));\ncreate view public.recent as select note from public.orders;\n-- then\nalter table public.orders alter column note type text;\n",
        "create table public.orders (id bigint primary key, owner uuid);\nalter table public.orders enable row level security;\ncreate policy own on public.orders for select using (owner is not null);\n-- then\nalter table public.orders alter column owner type text;\n",
    ],
    good: &[
        "create table public.orders (id bigint primary key, note varchar(10));\ncreate view public.recent as select note from public.orders;\n-- then\ndrop view public.recent;\nalter table public.orders alter column note type text;\ncreate view public.recent as select note from public.orders;\n",
        "create table public.orders (id bigint primary key, note varchar(10));\ncreate index orders_note_idx on public.orders (note);\n-- then\n-- indexes follow by themselves\nalter table public.orders alter column note type text;\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    // Where a handler stands around it, the failure may be meant.
    if !cx.event.guards.handlers.is_empty() {
        return;
    }
    match &cx.stmt().kind {
        StmtKind::AlterTable(alter) => {
            for action in &alter.actions {
                match &action.kind {
                    TableActionKind::AlterColumn { name, change: AlterColumn::Type { .. } } => {
                        of_type(cx, alter, action, name, out);
                    }
                    TableActionKind::DropColumn { cascade: false, .. }
                    | TableActionKind::DropConstraint { cascade: false, .. } => {
                        let only = AlterTable { actions: vec![action.clone()], ..alter.as_ref().clone() };
                        let stmt = Stmt { span: cx.stmt().span, kind: StmtKind::AlterTable(Box::new(only)) };
                        of_drop(cx, &stmt, action.span, out);
                    }
                    _ => {}
                }
            }
        }
        StmtKind::Drop(drop) if !drop.cascade && can_be_needed(drop.kind) => of_drop(cx, cx.stmt(), drop.written, out),
        _ => {}
    }
}

fn can_be_needed(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Function
            | ObjectKind::Type
            | ObjectKind::Domain
            | ObjectKind::Sequence
            | ObjectKind::Schema
    )
}

/// What `drop` without `cascade` stumbles over.
fn of_drop(cx: &EventCx<'_>, stmt: &Stmt, span: Span, out: &mut Findings) {
    let needing: Vec<Key> = dependants(cx.schema, cx.file, stmt);
    if needing.is_empty() {
        return;
    }
    let needs = if needing.len() == 1 { "needs" } else { "need" };
    out.push(
        cx.finding(span, format!("fails: {} still {needs} `{}`", list(&needing), cx.text(span)))
            .label("others depend on it")
            .about(cx.text(span))
            .help("drop those first, by name, in this file; make again behind it what is to stay"),
    );
}

/// What a change of type stumbles over: of what would go with the column, all but its own indexes and constraints.
fn of_type(cx: &EventCx<'_>, alter: &AlterTable, action: &TableAction, name: &Ident, out: &mut Findings) {
    let table = cx.resolve(&alter.name);
    if !cx.schema.tables.contains_key(&table) {
        return;
    }
    let drop = TableActionKind::DropColumn { if_exists: true, name: name.clone(), cascade: false };
    let only = AlterTable { actions: vec![TableAction { span: action.span, kind: drop }], ..alter.clone() };
    let stmt = Stmt { span: action.span, kind: StmtKind::AlterTable(Box::new(only)) };
    let mut needing = dependants(cx.schema, cx.file, &stmt);
    needing.retain(|key| match key.part {
        Part::Object(kind) => matches!(kind, ObjectKind::View | ObjectKind::MaterializedView),
        Part::Within(ObjectKind::Policy) => true,
        Part::Within(ObjectKind::Column) => key.name == table,
        _ => false,
    });
    if needing.is_empty() {
        return;
    }
    let column = bare_ident(&name.value);
    let needs = if needing.len() == 1 { "needs" } else { "need" };
    out.push(
        cx.finding(action.span, format!("fails: {} {needs} column `{column}` of `{table}` as it is", list(&needing)))
            .label("its type cannot change under them")
            .object(&table)
            .help("drop those first, in this file, and make them again behind it"),
    );
}
