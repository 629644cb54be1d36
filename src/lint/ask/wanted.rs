//! The names that a condition looks for, and what it reads.

use std::sync::Arc;

use super::catalog::{self, Subject};
use super::probe::Probe;
use crate::sql::ast::{Expr, ExprKind, Name};
use crate::text::Span;

/// How often a variable may stand for another.
pub(super) const DEEPEST: usize = 8;

/// A name that a condition looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The name.
    pub name: String,
    /// The schema, where it is given with the name (`'app.orders'::regclass`).
    pub schema: Option<String>,
    /// Whether case does not count.
    pub folded: bool,
    /// Whether `%` and `_` stand for letters.
    pub pattern: bool,
    /// Where it is written.
    pub span: Span,
}

impl Wanted {
    pub(super) fn matches(&self, name: &str) -> bool {
        if self.pattern {
            return like(&self.name.to_lowercase(), &name.to_lowercase());
        }
        if self.folded { self.name.eq_ignore_ascii_case(name) } else { self.name == name }
    }
}

/// `like`, with the two wildcards.
fn like(pattern: &str, name: &str) -> bool {
    fn matches(pattern: &[u8], name: &[u8]) -> bool {
        match pattern {
            [] => name.is_empty(),
            [b'%', rest @ ..] => (0..=name.len()).any(|at| matches(rest, &name[at..])),
            [b'_', rest @ ..] => !name.is_empty() && matches(rest, &name[1..]),
            [b'\\', letter, rest @ ..] | [letter, rest @ ..] => {
                name.first() == Some(letter) && matches(rest, &name[1..])
            }
        }
    }
    matches(pattern.as_bytes(), name.as_bytes())
}

/// The `reg…` casts of literals in an expression: each fails where its object is not there.
pub fn casts(expr: &Expr) -> Vec<Probe<'_>> {
    let mut found = Vec::new();
    for part in expr.all() {
        if let ExprKind::Cast { expr: inner, to } = &part.kind
            && let Some(text) = inner.as_string()
        {
            let function = format!("to_{}", to.name);
            let (text, kinds) = match catalog::function(&function) {
                Some(subject) => (text, subject.kinds().0),
                None => (to.name.as_str(), Subject::Type.kinds().0),
            };
            let (schema, name) = catalog::parts(text);
            let names = vec![Wanted { name, schema, folded: false, pattern: false, span: inner.span }];
            found.push(Probe { kinds, names, on: Vec::new(), schemas: Vec::new(), query: None });
        }
    }
    found
}

/// The tables that a condition's queries read.
pub fn reads(expr: &Expr, values: &[(String, Arc<Expr>)]) -> Vec<Name> {
    let mut found = Vec::new();
    let mut todo = vec![(expr, 0)];
    while let Some((expr, depth)) = todo.pop() {
        for part in expr.all() {
            if let ExprKind::Exists(query) | ExprKind::Subquery(query) | ExprKind::In { query: Some(query), .. } =
                &part.kind
            {
                found.extend(query.relations());
            }
            if let ExprKind::Column(parts) = &part.kind
                && let [name] = parts.as_slice()
                && depth < DEEPEST
                && let Some((_, value)) = values.iter().rev().find(|(variable, _)| *variable == name.value)
            {
                todo.push((value, depth + 1));
            }
        }
    }
    found
}
