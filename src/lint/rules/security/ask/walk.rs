//! Walking expressions and queries part by part, keeping hold of what is found.

use crate::sql::ast::{Expr, ExprKind, FromItem, FromKind, Ident, Name, Query, QueryBody, StmtKind};

/// A direct part of an expression or a query.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    /// An expression.
    Expr(&'a Expr),
    /// A query.
    Query(&'a Query),
    /// A relation that a query reads, and its alias.
    Relation(&'a Name, Option<&'a Ident>),
}

/// The direct parts of an expression.
pub fn of_expr<'a>(expr: &'a Expr, see: &mut dyn FnMut(Part<'a>)) {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Star(_) | ExprKind::Parameter => {}
        ExprKind::Call { args: list, .. }
        | ExprKind::Row(list)
        | ExprKind::Array(list)
        | ExprKind::Other(list)
        | ExprKind::Between { operands: list } => list.iter().map(Part::Expr).for_each(see),
        ExprKind::Cast { expr, .. } | ExprKind::Unary { expr, .. } | ExprKind::Is { expr, .. } => see(Part::Expr(expr)),
        ExprKind::Binary { left, right, .. } => {
            see(Part::Expr(left));
            see(Part::Expr(right));
        }
        ExprKind::In { expr, list, query, .. } => {
            see(Part::Expr(expr));
            list.iter().map(Part::Expr).for_each(&mut *see);
            if let Some(query) = query {
                see(Part::Query(query));
            }
        }
        ExprKind::Subquery(query) | ExprKind::Exists(query) => see(Part::Query(query)),
    }
}

/// The direct parts of a query.
pub fn of_query<'a>(query: &'a Query, see: &mut dyn FnMut(Part<'a>)) {
    for cte in &query.ctes {
        if let StmtKind::Select(query) = &cte.statement.kind {
            see(Part::Query(query));
        }
    }
    match &query.body {
        QueryBody::Select(select) => {
            select.targets.iter().for_each(|target| see(Part::Expr(&target.expr)));
            select.from.iter().for_each(|item| of_from(item, see));
            let rest = select.filter.iter().chain(&select.group_by).chain(&select.having);
            rest.for_each(|expr| see(Part::Expr(expr)));
        }
        QueryBody::Values(rows) => rows.iter().flatten().for_each(|expr| see(Part::Expr(expr))),
        QueryBody::Set { left, right, .. } => {
            see(Part::Query(left));
            see(Part::Query(right));
        }
    }
    query.order_by.iter().chain(&query.limit).for_each(|expr| see(Part::Expr(expr)));
}

fn of_from<'a>(item: &'a FromItem, see: &mut dyn FnMut(Part<'a>)) {
    match &item.kind {
        FromKind::Relation(name) => see(Part::Relation(name, item.alias.as_ref())),
        FromKind::Query(query) => see(Part::Query(query)),
        FromKind::Function(call) => see(Part::Expr(call)),
        FromKind::Join { left, right, on } => {
            of_from(left, see);
            of_from(right, see);
            if let Some(on) = on {
                see(Part::Expr(on));
            }
        }
        FromKind::Other => {}
    }
}

/// Whether a query is a plain `select` of values without `from`: it runs once for the outer query unless it mentions its columns.
pub fn is_fromless(query: &Query) -> bool {
    match &query.body {
        QueryBody::Select(select) => query.ctes.is_empty() && select.from.is_empty(),
        _ => false,
    }
}

/// The calls in an expression, at any depth.
pub fn calls(expr: &Expr) -> impl Iterator<Item = (&Expr, &Name, &[Expr])> {
    expr.all().into_iter().filter_map(|expr| match &expr.kind {
        ExprKind::Call { name, args, .. } => Some((expr, name, args.as_slice())),
        _ => None,
    })
}

/// Whether it is a call of `schema.name`, or of one of the names of that schema.
pub fn is_call(expr: &Expr, schema: &str, names: &[&str]) -> bool {
    match &expr.kind {
        ExprKind::Call { name, .. } => name.schema() == Some(schema) && names.contains(&name.object()),
        _ => false,
    }
}

/// Whether the expression asks who is calling: `auth.uid()` and its like, the claims, the role.
pub fn asks_caller(expr: &Expr) -> bool {
    expr.all().into_iter().any(is_caller)
}

/// Whether this very expression is one that says who is calling.
pub fn is_caller(expr: &Expr) -> bool {
    let ExprKind::Call { name, .. } = &expr.kind else { return false };
    match name.schema() {
        Some("auth") => matches!(name.object(), "uid" | "jwt" | "role" | "email"),
        None | Some("pg_catalog") => {
            matches!(name.object(), "current_setting" | "current_user" | "session_user" | "current_role" | "user")
        }
        _ => false,
    }
}
