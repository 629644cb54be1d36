//! What PostgreSQL calls a column that is computed and has no name.

use super::Cx;
use super::name::{cut, object};
use crate::sql::ast::{Expr, ExprKind, Query, QueryBody, TypeName};

/// What is known of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Figured {
    /// A name that means something: a column's, a function's.
    Strong(String),
    /// One that gives way to a better one: a type's, `case`.
    Weak(String),
    /// None: `?column?`, or `expr` in an index.
    Nothing,
    /// It cannot be told.
    Unknown,
}

impl Figured {
    /// The name, if there is one.
    pub(super) fn named(self) -> Option<String> {
        match self {
            Self::Strong(name) | Self::Weak(name) => Some(name),
            Self::Nothing | Self::Unknown => None,
        }
    }

    /// The name in a select list; `None` where it cannot be told.
    pub(super) fn selected(self) -> Option<String> {
        match self {
            Self::Strong(name) | Self::Weak(name) => Some(name),
            Self::Nothing => Some("?column?".to_owned()),
            Self::Unknown => None,
        }
    }
}

/// The name of an expression.
pub(super) fn figure(expr: &Expr, cx: &Cx<'_>) -> Figured {
    match &expr.kind {
        ExprKind::Column(parts) => {
            parts.last().map_or(Figured::Unknown, |part| Figured::Strong(cut(&part.value).to_owned()))
        }
        ExprKind::Call { name, .. } => {
            let name = object(name);
            Figured::Strong(if name == "trim" { "btrim".to_owned() } else { name })
        }
        ExprKind::Cast { expr, to } => match figure(expr, cx) {
            Figured::Strong(name) => Figured::Strong(name),
            Figured::Unknown => Figured::Unknown,
            Figured::Weak(_) | Figured::Nothing => Figured::Weak(internal(to)),
        },
        ExprKind::Array(_) => Figured::Strong("array".to_owned()),
        ExprKind::Exists(_) => Figured::Strong("exists".to_owned()),
        ExprKind::Row(_) => Figured::Strong("row".to_owned()),
        ExprKind::Subquery(query) => of_query(query, cx),
        ExprKind::Binary { op, .. } if op == "at time zone" => Figured::Strong("timezone".to_owned()),
        ExprKind::Unary { op, .. } if op == "at local" => Figured::Strong("timezone".to_owned()),
        ExprKind::Other(children) => of_other(expr, children, cx),
        ExprKind::Literal(_)
        | ExprKind::Parameter
        | ExprKind::Unary { .. }
        | ExprKind::Binary { .. }
        | ExprKind::Is { .. }
        | ExprKind::In { .. }
        | ExprKind::Between { .. } => Figured::Nothing,
        ExprKind::Star(_) => Figured::Unknown,
    }
}

/// A query as a value has the name of its column.
fn of_query(query: &Query, cx: &Cx<'_>) -> Figured {
    match &query.body {
        QueryBody::Select(select) => match select.targets.first() {
            Some(target) => match &target.alias {
                Some(alias) => Figured::Strong(cut(&alias.value).to_owned()),
                None => figure(&target.expr, cx),
            },
            None => Figured::Nothing,
        },
        QueryBody::Set { left, .. } => of_query(left, cx),
        QueryBody::Values(_) => Figured::Strong("column1".to_owned()),
    }
}

/// `case`, subscripts, fields and collations, told apart by their text.
fn of_other(expr: &Expr, children: &[Expr], cx: &Cx<'_>) -> Figured {
    let written = cx.written(expr.span);
    let Some(first) = children.first() else { return Figured::Unknown };
    let head = written.get(..4).unwrap_or_default();
    if head.eq_ignore_ascii_case("case") && !written[4..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return of_case(children, cx);
    }
    let behind = cx.text.get(first.span.end..expr.span.end).unwrap_or_default();
    let behind = behind.trim_start_matches(|c: char| c == ')' || c.is_whitespace());
    if behind.starts_with('[') || behind.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("collate")) {
        return figure(first, cx);
    }
    match behind.strip_prefix('.') {
        Some(field) if field.chars().all(|c| c.is_alphanumeric() || c == '_') && !field.is_empty() => {
            Figured::Strong(cut(&field.to_ascii_lowercase()).to_owned())
        }
        _ => Figured::Unknown,
    }
}

/// `case` has the name of what `else` gives, if that is a good one.
fn of_case(children: &[Expr], cx: &Cx<'_>) -> Figured {
    if let [.., before, last] = children {
        let between = cx.text.get(before.span.end..last.span.start).unwrap_or_default();
        let word = between.trim_end_matches(|c: char| c == '(' || c.is_whitespace()).to_ascii_lowercase();
        if word.ends_with("else")
            && let Figured::Strong(name) = figure(last, cx)
        {
            return Figured::Strong(name);
        }
    }
    Figured::Weak("case".to_owned())
}

/// The name that the catalogs have for a type.
fn internal(of: &TypeName) -> String {
    match of.name.as_str() {
        "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "real" => "float4",
        "double precision" => "float8",
        "char" => "bpchar",
        "\"char\"" => "char",
        other => other,
    }
    .to_owned()
}
