//! Expressions: as much of their shape as rules ask about, with every child kept.

use super::{Ident, Name, Query, TypeName};
use crate::text::Span;

/// An expression and where it is written. Parentheses are not nodes: `span` is of what stands within.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// Where it is written.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// What a literal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiteralKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as written.
    Number(String),
    /// A string, quotes and escapes resolved. `E''`, `U&''` and dollar quotes too.
    String(String),
    /// `B''`, `X''` and anything else.
    Other,
}

/// The kinds of expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// A constant.
    Literal(LiteralKind),
    /// `a`, `t.a`, `s.t.a`; also a plpgsql variable, `new.a` and keywords that read like a column (`current_user` is a call).
    Column(Vec<Ident>),
    /// `*` or `t.*`.
    Star(Vec<Ident>),
    /// `$1`.
    Parameter,
    /// A function call; `current_timestamp`, `current_user`, `coalesce(…)`, `extract(…)` and the like too, under their names.
    Call {
        /// The function.
        name: Name,
        /// The arguments, named ones without their names, and every other expression of the call (`filter`, `over`, `order by`).
        args: Vec<Expr>,
        /// `count(*)`.
        star: bool,
        /// Whether it has an `over` clause.
        window: bool,
    },
    /// `a::t`, `cast(a as t)`, and `t 'literal'`.
    Cast {
        /// What is cast.
        expr: Box<Expr>,
        /// To what.
        to: TypeName,
    },
    /// `not a`, `- a`; the operator folded to lower case.
    Unary {
        /// The operator.
        op: String,
        /// The operand.
        expr: Box<Expr>,
    },
    /// `a op b`: operators as written, words in lower case with one space (`and`, `or`, `like`, `not like`, `is distinct from`,
    /// `is not distinct from`, `at time zone`). `in`, `between` and `is null` have their own kinds.
    Binary {
        /// The operator.
        op: String,
        /// The left operand.
        left: Box<Expr>,
        /// The right operand.
        right: Box<Expr>,
    },
    /// `a is [not] null` (also `isnull`, `notnull`), `is [not] true`, `is [not] unknown` …
    Is {
        /// What is asked about.
        expr: Box<Expr>,
        /// `is not`.
        not: bool,
        /// `null`, `true`, `false`, `unknown`, `document`, `json`, `normalized`.
        what: String,
    },
    /// `a [not] in (…)` with a list or a query; `any`/`all`/`some` are `Binary` with a call named `any`, `all` or `some`.
    In {
        /// The left side.
        expr: Box<Expr>,
        /// `not in`.
        not: bool,
        /// The list; empty when it is a query.
        list: Vec<Expr>,
        /// The query.
        query: Option<Box<Query>>,
    },
    /// `a [not] between b and c`.
    Between {
        /// The operands in order.
        operands: Vec<Expr>,
    },
    /// A query in parentheses used as a value; also the query in `array(select …)` and `any(select …)` as the call's argument.
    Subquery(Box<Query>),
    /// `exists (select …)`.
    Exists(Box<Query>),
    /// `row(…)`, `(a, b)`.
    Row(Vec<Expr>),
    /// `array[…]`.
    Array(Vec<Expr>),
    /// `case … end`, subscripts, field selection, collations and whatever else: the children in order.
    Other(Vec<Expr>),
}

impl Expr {
    /// The string, if it is a plain string literal or one cast to some type.
    pub fn as_string(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Literal(LiteralKind::String(text)) => Some(text),
            ExprKind::Cast { expr, .. } => expr.as_string(),
            _ => None,
        }
    }

    /// The column's parts, if it is a bare column reference.
    pub fn as_column(&self) -> Option<&[Ident]> {
        match &self.kind {
            ExprKind::Column(parts) => Some(parts),
            _ => None,
        }
    }

    /// Whether it is the constant `null`, also cast.
    pub fn is_null(&self) -> bool {
        match &self.kind {
            ExprKind::Literal(LiteralKind::Null) => true,
            ExprKind::Cast { expr, .. } => expr.is_null(),
            _ => false,
        }
    }

    /// Whether it is a constant that is always true: `true`, `1 = 1`, `'t'::boolean`, `not false`, `true or x`.
    pub fn is_always_true(&self) -> bool {
        match &self.kind {
            ExprKind::Literal(LiteralKind::Bool(value)) => *value,
            ExprKind::Cast { expr, to } if to.is("boolean") => {
                expr.is_always_true()
                    || expr.as_string().is_some_and(|text| matches!(text, "t" | "true" | "yes" | "on" | "1"))
            }
            ExprKind::Unary { op, expr } if op == "not" => {
                matches!(expr.kind, ExprKind::Literal(LiteralKind::Bool(false)))
            }
            ExprKind::Binary { op, left, right } => match op.as_str() {
                "=" => match (&left.kind, &right.kind) {
                    (ExprKind::Literal(left), ExprKind::Literal(right)) => left == right && *left != LiteralKind::Null,
                    _ => false,
                },
                "or" => left.is_always_true() || right.is_always_true(),
                "and" => left.is_always_true() && right.is_always_true(),
                _ => false,
            },
            _ => false,
        }
    }
}
