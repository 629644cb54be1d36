//! `idempotent-insert`: rows that a second run inserts again.

use crate::diagnostic::Level;
use crate::lint::ask::guard::{is_atomic, is_made_bare, is_temporary, is_untrue};
use crate::lint::ask::raised::{catches, when_inserted};
use crate::lint::ask::wanted::reads;
use crate::lint::schema::{ConstraintDef, IndexKey};
use crate::lint::{Check, Edit, Event, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{
    Expr, ExprKind, FromItem, FromKind, Insert, InsertSource, LiteralKind, Name, Query, QueryBody, Select,
    SetOperation, StmtKind,
};
use crate::sql::{Kind, Tokens};

pub(super) static RULE: Rule = Rule {
    id: "idempotent-insert",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`insert` without `on conflict` and without a condition that looks whether the rows are there",
    effect: "a second run inserts the rows again, or stops with 23505 (unique_violation) where a key forbids it",
    remedy: "add `on conflict do nothing` or `do update`, with a unique key to conflict with; or insert `where not exists (…)`",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-insert.html#SQL-ON-CONFLICT"],
    bad: &[
        "create table public.roles (name text primary key);\n-- then\ninsert into public.roles (name) values ('admin'), ('member');",
        "create table public.roles (name text primary key);\ncreate table public.users (role text);\ninsert into public.users values ('admin');\n-- then\ninsert into public.roles (name) select distinct role from public.users returning name;",
        "create table if not exists public.roles (name text primary key);\ninsert into public.roles (name) values ('admin');",
    ],
    good: &[
        "create table public.roles (name text primary key);\n-- then\ninsert into public.roles (name) values ('admin') on conflict (name) do nothing;",
        "create table public.roles (name text primary key);\n-- then\ninsert into public.roles (name) select 'admin' where not exists (select from public.roles where name = 'admin');",
        "create table public.roles (name text primary key);\n-- then\ndo $$ begin\n  if not exists (select from public.roles where name = 'admin') then\n    insert into public.roles (name) values ('admin');\n  end if;\nend $$;",
        "create table public.roles (name text primary key);\n-- then\ndelete from public.roles where name = 'admin';\ninsert into public.roles (name) values ('admin');",
        "create temporary table seen (name text);\ninsert into seen values ('admin');",
        "drop table if exists public.roles;\ncreate table public.roles (name text primary key);\ninsert into public.roles (name) values ('admin');",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Insert(insert) = &cx.stmt().kind else { return };
    if insert.conflict.is_some() || is_atomic(cx) || is_temporary(cx, &insert.table) || is_made_bare(cx, &insert.table)
    {
        return;
    }
    // Rows that are deleted where they come from are moved once.
    let moves = insert.ctes.iter().any(|cte| matches!(cte.statement.kind, StmtKind::Delete(_)));
    if moves || looks(insert) || is_guarded(cx, insert) || is_cleared(cx, insert) {
        return;
    }
    let name = cx.resolve(&insert.table);
    let mut finding = cx
        .finding(insert.table.span, format!("a second run inserts into `{}` again", insert.table))
        .label("no `on conflict`")
        .object(&name);
    if is_keyless(cx, insert) {
        let finding = finding
            .note("no unique key tells these rows apart, so `on conflict` would never apply")
            .help("insert `where not exists (…)`, or make a unique key first");
        out.push(match super::absent::absent(cx, insert) {
            Some(fix) => finding.fix(fix),
            None => finding,
        });
        return;
    }
    if let Some(key) = stopped_by(cx, insert) {
        finding = finding.note(format!("`{key}` stops it: a second run raises `unique_violation` (23505)"));
    }
    finding = finding
        .help("write `on conflict do nothing` (a unique key has to tell rows apart), or insert `where not exists (…)`");
    let at = returning(cx).unwrap_or(cx.stmt().span.end);
    let words = super::edit::cased(cx, "on conflict do nothing");
    let text = if at == cx.stmt().span.end { format!(" {words}") } else { format!("{words} ") };
    out.push(finding.fix(Fix::unchecked("add `on conflict do nothing`", vec![Edit::insert(at, text)])));
}

/// Whether the table is known to have no unique key on what is inserted: every row is as good as new.
fn is_keyless(cx: &EventCx<'_>, insert: &Insert) -> bool {
    let Some(table) = cx.table(&insert.table).filter(|table| table.complete && !table.is_platform()) else {
        return false;
    };
    let is_given = |column: &str| insert.columns.is_empty() || insert.columns.iter().any(|it| it.value == column);
    // A column that is not named gets its default: another value in each run, or none, which is equal to no other.
    let is_new = |column: &str| {
        let column = table.column(column);
        !column.is_some_and(|column| is_given(&column.name))
            && column.is_some_and(|it| {
                it.identity.is_some()
                    || it.default.as_ref().is_none_or(|default| matches!(default.kind, ExprKind::Call { .. }))
            })
    };
    let excludes = table.constraints.iter().any(|it| matches!(it.def, ConstraintDef::Exclude));
    table.partition_of.is_none()
        && !excludes
        && cx
            .schema
            .indexes_of(&table.name)
            .filter(|index| index.unique)
            .all(|index| index.keys.iter().any(|key| matches!(key, IndexKey::Column(column) if is_new(column))))
}

/// The unique key that a second run of these constants violates.
fn stopped_by(cx: &EventCx<'_>, insert: &Insert) -> Option<String> {
    let InsertSource::Query(query) = &insert.source else { return None };
    let QueryBody::Values(rows) = &query.body else { return None };
    let row = rows.first()?;
    let is_constant = |column: &str| {
        let at = insert.columns.iter().position(|it| it.value == column);
        at.and_then(|at| row.get(at)).is_some_and(|value| {
            matches!(&value.kind, ExprKind::Literal(LiteralKind::String(_) | LiteralKind::Number(_)))
        })
    };
    let table = cx.table(&insert.table)?;
    let key = cx.schema.indexes_of(&table.name).find(|index| {
        index.unique
            && index.filter.is_none()
            && index.keys.iter().all(|key| matches!(key, IndexKey::Column(column) if is_constant(column)))
    })?;
    Some(crate::text::bare_ident(&key.name.name).into_owned())
}

/// Where `returning` is written.
fn returning(cx: &EventCx<'_>) -> Option<usize> {
    let span = cx.stmt().span;
    let text = cx.text(span);
    let mut depth = 0_usize;
    let mut found = None;
    for token in Tokens::new(text) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Word if depth == 0 && token.span.of(text).eq_ignore_ascii_case("returning") => {
                found = Some(span.start + token.span.start);
            }
            _ => {}
        }
    }
    found
}

fn is_table(name: &Name, table: &Name) -> bool {
    name.object() == table.object()
        && (name.schema() == table.schema() || name.schema().is_none() || table.schema().is_none())
}

/// Whether the query looks which rows are there already: `not exists`, `not in`, `left join … is null`, `except`.
fn looks(insert: &Insert) -> bool {
    let InsertSource::Query(query) = &insert.source else { return false };
    query.relations().iter().any(|name| is_table(name, &insert.table)) && excludes(query)
        || insert.ctes.iter().any(|cte| match &cte.statement.kind {
            StmtKind::Select(query) => {
                excludes(query) && query.relations().iter().any(|name| is_table(name, &insert.table))
            }
            _ => false,
        })
}

fn excludes(query: &Query) -> bool {
    let inner = |query: &Query| excludes(query);
    let ctes = query.ctes.iter().any(|cte| matches!(&cte.statement.kind, StmtKind::Select(query) if inner(query)));
    ctes || match &query.body {
        QueryBody::Select(select) => {
            select.filter.as_ref().is_some_and(asks) || select.from.iter().any(from_excludes) || never(select)
        }
        QueryBody::Values(_) => false,
        QueryBody::Set { op, left, right } => *op == SetOperation::Except || inner(left) || inner(right),
    }
}

fn never(select: &Select) -> bool {
    select.having.as_ref().is_some_and(asks)
}

fn from_excludes(item: &FromItem) -> bool {
    match &item.kind {
        FromKind::Query(query) => excludes(query),
        FromKind::Join { left, right, .. } => from_excludes(left) || from_excludes(right),
        _ => false,
    }
}

/// Whether a condition asks what is not there.
fn asks(expr: &Expr) -> bool {
    expr.all().into_iter().any(|expr| match &expr.kind {
        ExprKind::Unary { op, expr } => op == "not" && matches!(expr.kind, ExprKind::Exists(_) | ExprKind::In { .. }),
        ExprKind::In { not, query, .. } => *not && query.is_some(),
        ExprKind::Is { not, what, .. } => !not && what == "null",
        ExprKind::Binary { op, left, right } => {
            let counts = |expr: &Expr| matches!(expr.kind, ExprKind::Subquery(_));
            matches!(op.as_str(), "=" | "<>" | "<") && (counts(left) || counts(right))
                || op == "<>"
                    && [left, right]
                        .iter()
                        .any(|it| matches!(&it.kind, ExprKind::Call { name, .. } if name.object() == "all"))
        }
        _ => false,
    })
}

fn is_guarded(cx: &EventCx<'_>, insert: &Insert) -> bool {
    let guards = &cx.event.guards;
    guards.conditions.iter().any(|condition| {
        is_untrue(cx, condition, None)
            || reads(&condition.expr, &condition.values).iter().any(|name| is_table(name, &insert.table))
    }) || guards.handlers.iter().any(|handler| handler.swallows && catches(&handler.conditions, &when_inserted()))
        || guards.rescues.iter().any(|rescue| rescue.handler.conditions.iter().any(|it| it == "no_data_found"))
}

/// Whether a `delete` with this condition can take out the rows: where it names constants, one of them is inserted.
fn covers(filter: Option<&Expr>, insert: &Insert) -> bool {
    let constants = |exprs: Vec<&Expr>| -> Vec<LiteralKind> {
        let literals = exprs.into_iter().filter_map(|expr| match &expr.kind {
            ExprKind::Literal(literal @ (LiteralKind::String(_) | LiteralKind::Number(_))) => Some(literal.clone()),
            _ => None,
        });
        literals.collect()
    };
    let deleted = filter.map_or_else(Vec::new, |filter| constants(filter.all()));
    let InsertSource::Query(query) = &insert.source else { return true };
    let inserted = constants(query.exprs());
    deleted.is_empty() || deleted.iter().any(|value| inserted.contains(value))
}

/// Whether the rows are taken out before.
fn is_cleared(cx: &EventCx<'_>, insert: &Insert) -> bool {
    let shared = |event: &Event| {
        event
            .guards
            .conditions
            .iter()
            .all(|it| cx.event.guards.conditions.iter().any(|other| other.expr.span == it.expr.span))
    };
    cx.earlier().filter(|event| shared(event)).any(|event| match &event.stmt.kind {
        StmtKind::Delete(delete) => is_table(&delete.table, &insert.table) && covers(delete.filter.as_ref(), insert),
        StmtKind::Truncate { tables, .. } => tables.iter().any(|table| is_table(table, &insert.table)),
        _ => false,
    })
}
