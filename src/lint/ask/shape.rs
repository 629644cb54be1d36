//! What an expression or a query says, as a text that does not depend on where or how neatly it is written.

use crate::sql::ast::{Expr, ExprKind, LiteralKind, Query};

/// The shape of an expression: equal for expressions that differ in blanks, comments, case and parentheses only.
pub(in crate::lint) fn of_expr(expr: &Expr) -> String {
    let mut shape = String::new();
    expr.all().into_iter().for_each(|part| push(part, &mut shape));
    shape
}

/// The shape of a query.
pub(in crate::lint) fn of_query(query: &Query) -> String {
    let mut shape = String::new();
    for name in query.relations() {
        shape.push_str(name.object());
        shape.push(' ');
    }
    query.exprs().into_iter().for_each(|part| push(part, &mut shape));
    shape
}

/// One node; its children follow it in the walk.
fn push(expr: &Expr, shape: &mut String) {
    match &expr.kind {
        ExprKind::Literal(literal) => match literal {
            LiteralKind::Null => shape.push_str("null"),
            LiteralKind::Bool(value) => shape.push_str(if *value { "true" } else { "false" }),
            LiteralKind::Number(number) => shape.push_str(number),
            LiteralKind::String(text) => {
                shape.push('\'');
                shape.push_str(text);
            }
            LiteralKind::Other => shape.push_str("constant"),
        },
        // How far a column is qualified is a matter of taste.
        ExprKind::Column(parts) => shape.push_str(parts.last().map_or("", |part| part.value.as_str())),
        ExprKind::Star(_) => shape.push('*'),
        ExprKind::Parameter => shape.push('$'),
        ExprKind::Call { name, args, .. } => {
            shape.push_str(name.object());
            shape.push('(');
            shape.push_str(&args.len().to_string());
        }
        ExprKind::Cast { to, .. } => {
            shape.push_str("::");
            shape.push_str(&to.name);
        }
        ExprKind::Unary { op, .. } | ExprKind::Binary { op, .. } => shape.push_str(op),
        ExprKind::Is { not, what, .. } => {
            shape.push_str(if *not { "is not " } else { "is " });
            shape.push_str(what);
        }
        ExprKind::In { not, .. } => shape.push_str(if *not { "not in" } else { "in" }),
        ExprKind::Between { .. } => shape.push_str("between"),
        ExprKind::Subquery(_) => shape.push_str("select"),
        ExprKind::Exists(_) => shape.push_str("exists"),
        ExprKind::Row(_) => shape.push_str("row"),
        ExprKind::Array(_) => shape.push_str("array"),
        ExprKind::Other(_) => shape.push('?'),
    }
    shape.push(' ');
}
