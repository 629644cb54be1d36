//! Inserting rows that no key tells apart where they are not there yet.

use super::edit::{cased, is_open};
use crate::lint::{Edit, EventCx, Fix};
use crate::sql::ast::{Expr, ExprKind, Insert, InsertSource, LiteralKind, QueryBody};
use crate::text::bare_ident;

/// From how many rows on a query is better written by hand.
const MOST: usize = 20;

/// Types whose values cannot be compared, or are not what was written.
const NEVER_EQUAL: &[&str] =
    &["json", "xml", "point", "real", "float4", "polygon", "box", "path", "circle", "line", "lseg"];

/// An insert for each row of constants, behind a question for it.
pub(super) fn absent(cx: &EventCx<'_>, insert: &Insert) -> Option<Fix> {
    let InsertSource::Query(query) = &insert.source else { return None };
    let QueryBody::Values(rows) = &query.body else { return None };
    let written = cx.text(cx.stmt().span);
    let is_plain = insert.ctes.is_empty()
        && query.ctes.is_empty()
        && query.order_by.is_empty()
        && query.limit.is_empty()
        && insert.returning.is_empty()
        && insert.alias.is_none();
    if !is_open(cx) || !is_plain || rows.len() > MOST || written.to_ascii_lowercase().contains("overriding") {
        return None;
    }
    let table = cx.table(&insert.table)?;
    let width = rows.first()?.len();
    let columns: Vec<_> = if insert.columns.is_empty() {
        table.columns.iter().take(width).collect()
    } else {
        insert.columns.iter().map(|it| table.column(&it.value)).collect::<Option<_>>()?
    };
    if columns.len() != width {
        return None;
    }
    let list: Vec<_> = columns.iter().map(|it| bare_ident(&it.name)).collect();
    let (name, list) = (insert.table.to_string(), list.join(", "));
    let mut statements: Vec<String> = Vec::new();
    for row in rows {
        let mut values = Vec::new();
        let mut tests = Vec::new();
        for (expr, column) in row.iter().zip(&columns) {
            let value = cx.text(expr.span);
            if value.eq_ignore_ascii_case("default") {
                return None;
            }
            values.push(value);
            let type_name = column.type_name.as_ref()?.name.as_str();
            match constant(expr) {
                Some(LiteralKind::Null) => tests.push(format!("{} is null", bare_ident(&column.name))),
                Some(_) if !NEVER_EQUAL.contains(&type_name) => {
                    tests.push(format!("{} = {value}", bare_ident(&column.name)));
                }
                _ => {}
            }
        }
        if row.len() != width || tests.is_empty() {
            return None;
        }
        let (values, tests) = (values.join(", "), tests.join(" and "));
        let [into, select, unless, and] =
            ["insert into", "select", "where not exists (select from", "where"].map(|words| cased(cx, words));
        let statement = format!("{into} {name} ({list}) {select} {values} {unless} {name} {and} {tests})");
        // Rows that are there twice are meant to be.
        if statements.contains(&statement) {
            return None;
        }
        statements.push(statement);
    }
    let edit = Edit::replace(cx.stmt().span, statements.join(";\n"));
    Some(Fix::unchecked("insert each row where it is not there", vec![edit]))
}

/// The constant that an expression is.
fn constant(expr: &Expr) -> Option<LiteralKind> {
    match &expr.kind {
        // The moment of the run is written as a constant too.
        ExprKind::Literal(LiteralKind::String(text))
            if ["now", "today", "tomorrow", "yesterday"].contains(&text.trim()) =>
        {
            None
        }
        ExprKind::Literal(literal) => Some(literal.clone()),
        ExprKind::Unary { op, expr } if op == "-" => constant(expr),
        ExprKind::Cast { expr, .. } => constant(expr),
        _ => None,
    }
}
