//! What a function calls and reads, by its body.

use super::read::{body_of, function};
use crate::catalog::{Body, Catalog, Id, Object};
use crate::sql::ast::{Expr, ExprKind, Name, Visitor};
use crate::sql::{self, Kind as Token};

/// Words without which a body reads and writes no table.
const TOUCHING: [&str; 7] = ["from", "insert", "update", "delete", "merge", "execute", "table"];

/// The functions that run with their owner's rights and that a function calls by name.
pub fn definers_called(catalog: &Catalog, id: &Id) -> Vec<Id> {
    let mut names = Names(Vec::new());
    for stmt in body_of(catalog, id) {
        stmt.walk(&mut names);
    }
    let is_definer = |it: &Id| matches!(catalog.get(it).map(|entry| &entry.object), Some(Object::Function(it)) if it.security_definer);
    names.0.iter().filter_map(|name| function(catalog, name)).filter(|it| it != id && is_definer(it)).collect()
}

/// Whether a function may read or write a table: by a word of it, by a call of a function that may, or in a language of
/// which nothing is known.
pub fn reads_tables(catalog: &Catalog, id: &Id, depth: usize) -> bool {
    let (body, language) = match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Function(it)) => (&it.body, it.language.as_str()),
        Some(Object::Procedure(it)) => (&it.body, it.language.as_str()),
        _ => return false,
    };
    let (Body::Source(text) | Body::Sql(text)) = body else { return true };
    if !matches!(language, "sql" | "plpgsql") || depth > 4 {
        return true;
    }
    let tokens = sql::significant(text);
    let is_touching = |word: &str| TOUCHING.contains(&word.to_ascii_lowercase().as_str());
    if tokens.iter().any(|token| token.kind == Token::Word && is_touching(token.span.of(text))) {
        return true;
    }
    let mut names = Names(Vec::new());
    for stmt in body_of(catalog, id) {
        stmt.walk(&mut names);
    }
    let mut called = names.0.iter().filter_map(|name| function(catalog, name)).filter(|it| it != id);
    called.any(|it| reads_tables(catalog, &it, depth + 1))
}

struct Names(Vec<Name>);

impl Visitor for Names {
    fn expr(&mut self, expr: &Expr) -> bool {
        if let ExprKind::Call { name, .. } = &expr.kind {
            self.0.push(name.clone());
        }
        true
    }
}
