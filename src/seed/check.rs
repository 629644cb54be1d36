//! What checks say about values: the constants in them, as hints at what they may take.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::name_parts;
use crate::catalog::{Body, Catalog, Object};
use crate::sql::ast::{Expr, ExprKind, LiteralKind, QueryBody, StmtKind};
use crate::sql::parse::parse;
use crate::sql::{Kind, significant};

/// How many constants of functions are looked at.
const MOST_OF_FUNCTIONS: usize = 40;

/// A constant of a check, and how it stands there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// A word to be equal to, or not.
    Word(String),
    /// A number: a bound, a length.
    Number(String),
    /// A regular expression.
    Pattern(String),
    /// A pattern of `like`.
    Like(String),
}

/// The expression of a check, out of its definition: `CHECK ((a > 0)) NOT VALID`.
pub fn expression(definition: &str) -> Option<&str> {
    let rest = definition.strip_prefix("CHECK (")?;
    let mut rest = rest.trim_end();
    for end in [" NOT ENFORCED", " NOT VALID", " NO INHERIT"] {
        rest = rest.strip_suffix(end).unwrap_or(rest);
    }
    rest.strip_suffix(')')
}

/// The hints of an expression by column; what stands beside no column is for all of them.
pub fn hints(expression: &str, columns: &BTreeSet<String>) -> BTreeMap<String, Vec<Hint>> {
    let mut found: BTreeMap<String, Vec<Hint>> = BTreeMap::new();
    let script = parse(&format!("select {expression}"));
    for statement in &script.statements {
        if let StmtKind::Select(query) = &statement.kind
            && let QueryBody::Select(select) = &query.body
        {
            for target in &select.targets {
                gather(&target.expr, columns, &mut found);
            }
        }
    }
    found
}

/// The hints in the bodies of the schema's own functions that an expression calls.
pub fn hints_of_functions(catalog: &Catalog, expression: &str) -> Vec<Hint> {
    bodies(catalog, expression).into_iter().flat_map(|(_, hints)| hints).collect()
}

/// The bodies of the schema's own functions that a text names, with the hints in them.
pub fn bodies<'c>(catalog: &'c Catalog, text: &str) -> Vec<(&'c str, Vec<Hint>)> {
    let named: BTreeSet<String> = significant(text)
        .iter()
        .filter(|it| matches!(it.kind, Kind::Word | Kind::Quoted))
        .filter_map(|it| name_parts(it.span.of(text)).pop())
        .collect();
    let mut found = Vec::new();
    for (id, entry) in &catalog.entries {
        if id.kind == crate::catalog::Kind::Function
            && named.contains(&id.name)
            && let Object::Function(function) = &entry.object
            && let Body::Source(body) | Body::Sql(body) = &function.body
        {
            let mut hints = Vec::new();
            constants(body, &mut hints);
            found.push((body.as_str(), hints));
        }
    }
    found
}

/// Every constant of a text, with all that it may mean.
fn constants(text: &str, found: &mut Vec<Hint>) {
    let mut add = |hint: Hint| {
        if found.len() < MOST_OF_FUNCTIONS && !found.contains(&hint) {
            found.push(hint);
        }
    };
    for token in significant(text) {
        let written = token.span.of(text);
        match token.kind {
            Kind::Number => add(Hint::Number(written.to_owned())),
            Kind::String => {
                let Some((_, inside)) = written.split_once('\'') else { continue };
                let inside = inside.strip_suffix('\'').unwrap_or(inside).replace("''", "'");
                if inside.starts_with('^') || inside.ends_with('$') {
                    add(Hint::Pattern(inside));
                } else if inside.contains(['%', '_']) {
                    add(Hint::Like(inside.clone()));
                    add(Hint::Word(inside));
                } else {
                    add(Hint::Word(inside));
                }
            }
            _ => {}
        }
    }
}

/// Goes down to where a comparison stands whose constants belong to its columns.
fn gather(expr: &Expr, columns: &BTreeSet<String>, found: &mut BTreeMap<String, Vec<Hint>>) {
    let is_logic = match &expr.kind {
        ExprKind::Binary { op, .. } => op == "and" || op == "or",
        ExprKind::Unary { op, .. } => op == "not",
        _ => false,
    };
    if is_logic {
        match &expr.kind {
            ExprKind::Binary { left, right, .. } => {
                gather(left, columns, found);
                gather(right, columns, found);
            }
            ExprKind::Unary { expr, .. } => gather(expr, columns, found),
            _ => {}
        }
        return;
    }
    let all = expr.all();
    let mut named: BTreeSet<&str> = all
        .iter()
        .filter_map(|it| it.as_column()?.last())
        .map(|it| it.value.as_str())
        .filter(|it| columns.contains(*it))
        .collect();
    if named.is_empty() {
        named.extend(columns.iter().map(String::as_str));
    }
    let mut hints: Vec<Hint> = Vec::new();
    let mut add = |hint: Hint| {
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    };
    let mut patterns: BTreeSet<&str> = BTreeSet::new();
    for part in &all {
        let texts = match &part.kind {
            ExprKind::Binary { right, .. } => right.all().into_iter().filter_map(Expr::as_string).collect(),
            ExprKind::Call { args, .. } => args.iter().skip(1).filter_map(Expr::as_string).collect::<Vec<_>>(),
            _ => continue,
        };
        let hint: fn(String) -> Hint = match &part.kind {
            ExprKind::Binary { op, .. } => match bare(op) {
                "~" | "~*" => Hint::Pattern,
                "~~" | "~~*" | "like" | "ilike" => Hint::Like,
                "!~" | "!~*" | "!~~" | "!~~*" | "not like" | "not ilike" => {
                    patterns.extend(texts);
                    continue;
                }
                _ => continue,
            },
            ExprKind::Call { name, .. } if name.object().starts_with("regexp_") => Hint::Pattern,
            _ => continue,
        };
        for text in &texts {
            add(hint((*text).to_owned()));
        }
        patterns.extend(texts);
    }
    for part in &all {
        match &part.kind {
            ExprKind::Literal(LiteralKind::String(text)) if !patterns.contains(text.as_str()) => words(text, &mut add),
            ExprKind::Literal(LiteralKind::Number(text)) => add(Hint::Number(text.clone())),
            ExprKind::Unary { op, expr } if op == "-" => {
                if let ExprKind::Literal(LiteralKind::Number(text)) = &expr.kind {
                    add(Hint::Number(format!("-{text}")));
                }
            }
            _ => {}
        }
    }
    for name in named {
        found.entry(name.to_owned()).or_default().extend(hints.iter().cloned());
    }
}

/// An operator without its schema: `~` of `operator(public.~)`.
fn bare(op: &str) -> &str {
    let inside = op.split_once('(').filter(|(word, _)| word.trim().eq_ignore_ascii_case("operator"));
    let inside = inside.and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(op);
    inside.rsplit('.').next().unwrap_or(inside).trim()
}

/// A string constant; the elements too where it is an array's.
fn words(text: &str, add: &mut impl FnMut(Hint)) {
    add(Hint::Word(text.to_owned()));
    if let Some(inside) = text.strip_prefix('{').and_then(|it| it.strip_suffix('}'))
        && !inside.contains(['{', ':'])
    {
        inside.split(',').for_each(|it| add(Hint::Word(it.trim_matches('"').to_owned())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hints_of(expression: &str, columns: &[&str]) -> BTreeMap<String, Vec<Hint>> {
        hints(expression, &columns.iter().map(|it| (*it).to_owned()).collect())
    }

    #[test]
    fn finds_the_constants_of_each_column() {
        let found = hints_of("((a = ANY (ARRAY['x'::text, 'y'::text])) AND (char_length(b) <= 20))", &["a", "b"]);
        assert_eq!(found["a"], [Hint::Word("x".to_owned()), Hint::Word("y".to_owned())]);
        assert_eq!(found["b"], [Hint::Number("20".to_owned())]);
        let found = hints_of("((a ~ '^[a-z]+$'::text) OR (a ~~ 'x%'::text))", &["a"]);
        assert!(found["a"].contains(&Hint::Pattern("^[a-z]+$".to_owned())));
        assert!(found["a"].contains(&Hint::Like("x%".to_owned())));
        assert_eq!(hints_of("(VALUE > 5)", &["value"])["value"], [Hint::Number("5".to_owned())]);
    }

    #[test]
    fn takes_the_expression_out_of_a_definition() {
        assert_eq!(expression("CHECK ((a > 0)) NO INHERIT NOT VALID"), Some("(a > 0)"));
        assert_eq!(expression("NOT NULL"), None);
    }
}
