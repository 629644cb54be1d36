//! `enum-value-used-same-tx`: a new enum value is used before it is committed.

use crate::diagnostic::Level;
use crate::lint::schema::{Place, QName, Schema};
use crate::lint::{Check, Edit, Event, FileCx, Findings, Fix, Fixable, Group, Origin, Profile, Rule};
use crate::sql::ast::{AlterEnum, Expr, Insert, InsertSource, Name, QueryBody, RoutineBody, StmtKind};
use crate::sql::{Kind, Mode, significant};
use crate::text::{Span, quote_literal};

pub(super) static RULE: Rule = Rule {
    id: "enum-value-used-same-tx",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`alter type … add value` and a use of the value in one transaction, also in a default, a check or a policy",
    effect: "PostgreSQL refuses the use until the value is committed (55P04, unsafe_new_enum_value_usage). dbctl sees that and runs \
             such a file statement by statement, so that a failure leaves it half applied; inside `begin` it fails",
    remedy: "use the value in a later migration",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertype.html#id-1.9.3.42.7"],
    bad: &[
        "create type public.state as enum ('new');\ncreate table public.orders (id bigint primary key, state public.state);\n-- then\nalter type public.state add value 'paid' after 'new';\nalter table public.orders alter column state set default 'paid';",
        "create type public.state as enum ('new');\ncreate table public.orders (id bigint primary key, state public.state);\n-- then\nbegin;\nalter type public.state add value 'paid' after 'new';\nupdate public.orders set state = 'paid' where state is null;\ncommit;",
    ],
    good: &[
        "create type public.state as enum ('new');\ncreate table public.orders (id bigint primary key, state public.state);\n-- then\nalter type public.state add value 'paid' after 'new';\n-- then\nalter table public.orders alter column state set default 'paid';",
        "create type public.state as enum ('new');\ncreate table public.orders (id bigint primary key, state public.state);\n-- then\nalter type public.state add value 'paid' after 'new';\nalter table public.orders alter column state set default 'new';",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let is_added =
        |event: &Event| matches!(&event.stmt.kind, StmtKind::AlterEnum(alter) if alter.renamed_from.is_none());
    if !cx.file.events.iter().any(is_added) {
        return;
    }
    // dbctl's way out of it, which not every runner takes.
    let taken_apart = cx.config.in_transaction
        && !cx.file.no_transaction
        && matches!(cx.file.transaction.mode, Mode::NoTransaction { why, .. } if why.starts_with("a new enum value"));
    let steps = cx.steps();
    let mut fresh: Vec<QName> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        match &step.event.stmt.kind {
            StmtKind::CreateType(create) => fresh.push(cx.schema.creation(&create.name)),
            StmtKind::AlterEnum(alter) if alter.renamed_from.is_none() => {
                let name = cx.schema.resolve(&alter.name);
                if fresh.contains(&name) {
                    continue;
                }
                let mut later = steps[at + 1..]
                    .iter()
                    .filter(|later| taken_apart || later.transaction == step.transaction)
                    .map(|later| later.event);
                if let Some(used) = later.find_map(|event| place(cx, event, &name, alter)) {
                    report(cx, alter, &name, used, taken_apart, out);
                }
            }
            _ => {}
        }
    }
}

fn report(
    cx: &FileCx<'_>,
    alter: &AlterEnum,
    name: &QName,
    (event, span): (&Event, Span),
    taken_apart: bool,
    out: &mut Findings,
) {
    let value = quote_literal(&alter.value);
    let finding = cx
        .finding(span, format!("{value} is used before it is committed as a value of `{name}`"))
        .label("refused in the transaction that adds it")
        .see(Place::new(cx.file.id, alter.value_span), "added here")
        .about(name.to_string())
        .help("use the value in a later migration");
    let finding = if taken_apart {
        finding
            .at_level(Level::Warning)
            .note("dbctl runs this file statement by statement, so that a failure leaves it half applied")
    } else {
        finding
    };
    out.push(match moved(cx, event, &alter.value) {
        Some(fix) => finding.fix(fix),
        None => finding,
    });
}

/// Moves the use and all that follows into a later migration.
fn moved(cx: &FileCx<'_>, event: &Event, value: &str) -> Option<Fix> {
    let controls = cx.file.events.iter().any(|event| matches!(event.stmt.kind, StmtKind::Transaction(_)));
    // All that follows is moved: a later migration may count on any of it.
    let is_newest = cx.files.iter().skip(cx.file.id + 1).all(|file| file.version.is_none());
    if event.origin != Origin::Top || controls || !is_newest {
        return None;
    }
    let text = cx.file.text();
    let rest = text.get(event.stmt.span.start..)?;
    let slug: String =
        value.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    let edit = Edit::delete(Span::new(event.stmt.span.start, text.len()));
    Some(Fix::unchecked("use the value in a later migration", vec![edit]).adding(format!("use_{slug}"), rest))
}

/// Where PostgreSQL makes the value out of a constant in this statement.
fn place<'a>(cx: &FileCx<'_>, event: &'a Event, name: &QName, alter: &AlterEnum) -> Option<(&'a Event, Span)> {
    let evaluates = match &event.stmt.kind {
        // The statements of a DO block come by themselves.
        StmtKind::AlterEnum(_)
        | StmtKind::CommentOn(_)
        | StmtKind::Set(_)
        | StmtKind::Transaction(_)
        | StmtKind::Do { .. }
        | StmtKind::Invalid => false,
        // Other bodies are read when they run.
        StmtKind::CreateRoutine(routine) => matches!(routine.body, Some(RoutineBody::Sql(_))),
        StmtKind::Insert(insert) => match &insert.source {
            InsertSource::Query(query) if insert.conflict.is_none() => match &query.body {
                QueryBody::Values(rows) => {
                    return in_rows(cx.schema, insert, rows, name, alter).map(|span| (event, span));
                }
                _ => may_hold(cx.schema, &insert.table, name),
            },
            _ => may_hold(cx.schema, &insert.table, name),
        },
        StmtKind::Update(update) => may_hold(cx.schema, &update.table, name),
        StmtKind::Delete(delete) => may_hold(cx.schema, &delete.table, name),
        _ => true,
    };
    if !evaluates {
        return None;
    }
    let constant = quote_literal(&alter.value);
    let span = event.stmt.span;
    let mut base = span.start;
    let mut written = span.of(cx.file.text());
    if let StmtKind::CreateRoutine(routine) = &event.stmt.kind
        && let Some(body) = routine.body_span
    {
        (base, written) = (body.start, body.of(cx.file.text()));
    }
    let token =
        significant(written).into_iter().find(|it| it.kind == Kind::String && it.span.of(written) == constant)?;
    Some((event, token.span.shifted(base)))
}

/// The value among the rows of an `insert`, in a column that may be of the type.
fn in_rows(schema: &Schema, insert: &Insert, rows: &[Vec<Expr>], of: &QName, alter: &AlterEnum) -> Option<Span> {
    let table = schema.table(&insert.table);
    let holds = |at: usize| {
        let Some(table) = table.filter(|table| table.complete) else { return true };
        let column = match insert.columns.get(at) {
            Some(name) => table.column(&name.value),
            None => table.columns.get(at).filter(|_| insert.columns.is_empty()),
        };
        column.is_none_or(|column| column.type_name.as_ref().is_none_or(|it| it.name == of.name))
    };
    let mut cells = rows.iter().flat_map(|row| row.iter().enumerate());
    cells.find(|(at, cell)| cell.as_string() == Some(alter.value.as_str()) && holds(*at)).map(|(_, cell)| cell.span)
}

/// Whether a column of the table may be of the type: it is, or the table is not known whole.
fn may_hold(schema: &Schema, table: &Name, of: &QName) -> bool {
    schema.table(table).is_none_or(|table| {
        !table.complete
            || table.columns.iter().any(|column| column.type_name.as_ref().is_none_or(|it| it.name == of.name))
    })
}
