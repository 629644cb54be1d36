//! Expressions.

use squawk_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

use super::name::literal_string;
use super::node::{Lower, Node, is_trivia};
use super::query::is_query;
use super::types::is_type;
use crate::sql::ast::{Expr, ExprKind, LiteralKind};

/// Whether a node is an expression.
pub(super) fn is_expr(node: &SyntaxNode) -> bool {
    use SyntaxKind as K;
    match node.kind() {
        K::NAME_REF
        | K::LITERAL
        | K::FIELD_EXPR
        | K::CALL_EXPR
        | K::CAST_EXPR
        | K::BIN_EXPR
        | K::PAREN_EXPR
        | K::PREFIX_EXPR
        | K::POSTFIX_EXPR
        | K::TUPLE_EXPR
        | K::ARRAY_EXPR
        | K::CASE_EXPR
        | K::INDEX_EXPR
        | K::SLICE_EXPR
        | K::BETWEEN_EXPR
        | K::NON_STANDARD_PARAM
        | K::PLPGSQL_EXPR => true,
        // The clause of a column has no operand.
        K::COLLATE => node.children().any(|child| is_expr(&child)),
        _ => false,
    }
}

impl Lower<'_> {
    /// The first child that is an expression.
    pub(super) fn first_expr(&mut self, parent: &SyntaxNode) -> Option<Expr> {
        let child = parent.children().find(is_expr)?;
        self.expr(&child)
    }

    /// The children that are expressions.
    pub(super) fn exprs_in(&mut self, parent: &SyntaxNode) -> Vec<Expr> {
        parent.children().filter(is_expr).filter_map(|child| self.expr(&child)).collect()
    }

    /// Every outermost expression and query in a node that is none itself, at any depth.
    pub(super) fn loose_exprs(&mut self, node: &SyntaxNode) -> Vec<Expr> {
        let mut found = Vec::new();
        self.collect_loose(node, &mut found);
        found
    }

    pub(super) fn collect_loose(&mut self, node: &SyntaxNode, found: &mut Vec<Expr>) {
        for child in node.children() {
            if is_expr(&child) || is_query(child.kind()) {
                found.extend(self.expr(&child));
            } else if !is_type(child.kind()) {
                self.collect_loose(&child, found);
            }
        }
    }

    /// An expression; a query becomes a subquery.
    pub(super) fn expr(&mut self, node: &SyntaxNode) -> Option<Expr> {
        // A tree this deep is no one's SQL, and walking it would need a stack as deep.
        if self.depth >= super::DEEPEST {
            return Some(Expr { span: self.span(node), kind: ExprKind::Other(Vec::new()) });
        }
        self.depth += 1;
        let expr = self.expr_at(node);
        self.depth -= 1;
        expr
    }

    fn expr_at(&mut self, node: &SyntaxNode) -> Option<Expr> {
        use SyntaxKind as K;
        let kind = match node.kind() {
            K::PAREN_EXPR | K::PLPGSQL_EXPR => return self.within(node),
            K::LITERAL => self.literal(node),
            K::NAME_REF => self.name_ref(node)?,
            K::FIELD_EXPR => self.field(node)?,
            K::CALL_EXPR => self.call(node)?,
            K::CAST_EXPR => {
                let expr = Box::new(self.first_expr(node)?);
                match self.first_type(node) {
                    Some(to) => ExprKind::Cast { expr, to },
                    None => ExprKind::Other(vec![*expr]),
                }
            }
            K::BIN_EXPR => self.binary(node)?,
            K::PREFIX_EXPR => {
                let op = operator(node);
                // They stand between operands only.
                if ["%", "*", "/", "<", ">", "=", "^"].contains(&op.as_str()) {
                    self.refuse(node, node.tokens().next().as_ref());
                }
                ExprKind::Unary { op, expr: Box::new(self.first_expr(node)?) }
            }
            K::NON_STANDARD_PARAM => {
                if let Some(colon) = node.token(K::COLON) {
                    self.refuse(node, Some(&colon));
                }
                ExprKind::Parameter
            }
            K::POSTFIX_EXPR => self.postfix(node)?,
            K::BETWEEN_EXPR => ExprKind::Between { operands: self.exprs_in(node) },
            K::TUPLE_EXPR => ExprKind::Row(self.exprs_in(node)),
            K::ARRAY_EXPR => self.array(node)?,
            K::CASE_EXPR | K::INDEX_EXPR | K::SLICE_EXPR | K::COLLATE => ExprKind::Other(self.loose_exprs(node)),
            kind if is_query(kind) => {
                let query = self.query(node)?;
                return Some(Expr { span: query.span, kind: ExprKind::Subquery(Box::new(query)) });
            }
            _ => return None,
        };
        Some(Expr { span: self.span(node), kind })
    }

    /// What stands in parentheses, or what plpgsql computes.
    fn within(&mut self, node: &SyntaxNode) -> Option<Expr> {
        if node.kind() == SyntaxKind::PLPGSQL_EXPR {
            let mut parts = node.children();
            let list = parts.next()?;
            let mut targets = list.children();
            let target = targets.next();
            let alone = parts.next().is_none() && targets.next().is_none() && !list.has(SyntaxKind::STAR);
            if let Some(target) = target.filter(|target| alone && !target.holds(SyntaxKind::AS_NAME)) {
                return self.first_expr(&target);
            }
            let query = self.query(node)?;
            return Some(Expr { span: query.span, kind: ExprKind::Subquery(Box::new(query)) });
        }
        let child = node.children().find(|child| is_expr(child) || is_query(child.kind()))?;
        self.expr(&child)
    }

    fn literal(&mut self, node: &SyntaxNode) -> ExprKind {
        use SyntaxKind as K;
        if let Some(second) = second_string(node) {
            self.refuse(node, Some(&second));
        }
        let Some(token) = node.tokens().next() else { return ExprKind::Other(Vec::new()) };
        ExprKind::Literal(match token.kind() {
            K::POSITIONAL_PARAM => return ExprKind::Parameter,
            K::NULL_KW => LiteralKind::Null,
            K::TRUE_KW => LiteralKind::Bool(true),
            K::FALSE_KW => LiteralKind::Bool(false),
            K::INT_NUMBER | K::NUMERIC_NUMBER => LiteralKind::Number(token.text().to_owned()),
            _ => literal_string(node).map_or(LiteralKind::Other, LiteralKind::String),
        })
    }

    fn field(&mut self, node: &SyntaxNode) -> Option<ExprKind> {
        let star = node.has(SyntaxKind::STAR);
        let base = node.children().next()?;
        let names = if star { &base } else { node };
        let plain = matches!(base.kind(), SyntaxKind::NAME_REF | SyntaxKind::FIELD_EXPR);
        match self.name(names).filter(|_| plain) {
            Some(name) if star => Some(ExprKind::Star(name.parts)),
            Some(name) => Some(ExprKind::Column(name.parts)),
            None => Some(ExprKind::Other(vec![self.expr(&base)?])),
        }
    }

    fn binary(&mut self, node: &SyntaxNode) -> Option<ExprKind> {
        use SyntaxKind as K;
        let mut operands = node.children().filter(is_expr);
        let (left, right) = (operands.next()?, operands.next());
        let mut sign = None;
        for element in node.children_with_tokens().skip_while(|element| element.as_node() != Some(&left)).skip(1) {
            if !is_trivia(element.kind()) && element.kind() != K::ERROR {
                sign = Some(element);
                break;
            }
        }
        let sign = sign?.kind();
        let left = Box::new(self.expr(&left)?);
        let Some(right) = right else { return Some(ExprKind::Other(vec![*left])) };
        match sign {
            K::IN_KW | K::NOT_IN => {
                let (mut list, mut query) = (Vec::new(), None);
                match right.kind() {
                    K::TUPLE_EXPR => {
                        list = self.exprs_in(&right);
                        if list.is_empty() {
                            self.refuse(&right, right.token(K::R_PAREN).as_ref());
                        }
                    }
                    kind if kind != K::PAREN_EXPR && kind != K::PAREN_SELECT => {
                        self.refuse(&right, right.tokens().next().as_ref());
                    }
                    _ => match self.expr(&right)? {
                        Expr { kind: ExprKind::Subquery(inner), .. } => query = Some(inner),
                        other => list.push(other),
                    },
                }
                Some(ExprKind::In { expr: left, not: sign == K::NOT_IN, list, query })
            }
            K::IS_KW | K::IS_NOT => {
                let what = right.words();
                if right.kind() == K::NAME_REF && !matches!(what.as_str(), "unknown" | "document") {
                    self.refuse(&right, right.tokens().next().as_ref());
                }
                Some(ExprKind::Is { expr: left, not: sign == K::IS_NOT, what })
            }
            _ => Some(ExprKind::Binary { op: operator(node), left, right: Box::new(self.expr(&right)?) }),
        }
    }

    /// `isnull`, `is json …`, `at local`.
    fn postfix(&mut self, node: &SyntaxNode) -> Option<ExprKind> {
        let expr = Box::new(self.first_expr(node)?);
        let op = operator(node);
        let is = |expr, not, what: &str| Some(ExprKind::Is { expr, not, what: what.to_owned() });
        match op.as_str() {
            "isnull" => is(expr, false, "null"),
            "notnull" => is(expr, true, "null"),
            _ => {
                let asked = op.strip_prefix("is ");
                let (not, asked) = match asked.and_then(|asked| asked.strip_prefix("not ")) {
                    Some(asked) => (true, Some(asked)),
                    None => (false, asked),
                };
                match asked.and_then(|asked| asked.split(' ').find(|word| matches!(*word, "json" | "normalized"))) {
                    Some(what) => is(expr, not, what),
                    None => Some(ExprKind::Unary { op, expr }),
                }
            }
        }
    }
}

/// The second of two strings on one line, which only a new line between them would join.
pub(super) fn second_string(literal: &SyntaxNode) -> Option<SyntaxToken> {
    let (mut first, mut line_ended) = (false, false);
    for element in literal.children_with_tokens() {
        let SyntaxElement::Token(token) = element else { continue };
        match token.kind() {
            SyntaxKind::UESCAPE_KW => return None,
            SyntaxKind::STRING if first && !line_ended => return Some(token),
            kind if is_trivia(kind) => line_ended |= token.text().contains(['\n', '\r']),
            _ => (first, line_ended) = (true, false),
        }
    }
    None
}

/// The operator between or before the operands: words in lower case with one space, signs as written, and
/// `operator(pg_catalog.+)` as the plain sign.
fn operator(node: &SyntaxNode) -> String {
    for element in node.children_with_tokens() {
        match element {
            SyntaxElement::Token(token) if is_trivia(token.kind()) => {}
            SyntaxElement::Token(token) => return token.text().to_ascii_lowercase(),
            SyntaxElement::Node(child) if is_expr(&child) => {}
            SyntaxElement::Node(child) => match child.kind() {
                SyntaxKind::ERROR => {}
                SyntaxKind::CUSTOM_OP => return child.text().to_string(),
                SyntaxKind::OPERATOR_CALL => {
                    let written: String = child.tokens().skip(2).map(|token| token.text().to_owned()).collect();
                    let sign = written.strip_suffix(')').unwrap_or(&written);
                    return sign.strip_prefix("pg_catalog.").unwrap_or(sign).to_owned();
                }
                _ => return child.words(),
            },
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::{Ident, QueryBody, StmtKind};
    use crate::sql::parse::parse;

    fn exprs(sql: &str) -> Vec<Expr> {
        let script = parse(sql);
        assert_eq!(script.errors, [], "{sql}");
        let StmtKind::Select(query) = script.statements.into_iter().next().unwrap().kind else { panic!("{sql}") };
        let QueryBody::Select(select) = query.body else { panic!("{sql}") };
        select.targets.into_iter().map(|target| target.expr).collect()
    }

    /// The shape of an expression in a few letters.
    fn shape(expr: &Expr) -> String {
        let list = |list: &[Expr]| list.iter().map(shape).collect::<Vec<_>>().join(" ");
        let parts = |parts: &[Ident]| parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".");
        match &expr.kind {
            ExprKind::Literal(LiteralKind::String(text)) => format!("'{text}'"),
            ExprKind::Literal(LiteralKind::Number(text)) => text.clone(),
            ExprKind::Literal(kind) => format!("{kind:?}").to_lowercase(),
            ExprKind::Column(names) => parts(names),
            ExprKind::Star(names) => format!("{}*", parts(names)),
            ExprKind::Parameter => "$".to_owned(),
            ExprKind::Call { name, args, star, window } => {
                let marks = format!("{}{}", if *star { "*" } else { "" }, if *window { "~" } else { "" });
                format!("{}({}){marks}", parts(&name.parts), list(args))
            }
            ExprKind::Cast { expr, to } => format!("{}::{to}", shape(expr)),
            ExprKind::Unary { op, expr } => format!("({op} {})", shape(expr)),
            ExprKind::Binary { op, left, right } => format!("({} {op} {})", shape(left), shape(right)),
            ExprKind::Is { expr, not, what } => {
                format!("({} is{} {what})", shape(expr), if *not { " not" } else { "" })
            }
            ExprKind::In { expr, not, list: values, query } => {
                let query = if query.is_some() { "query" } else { "" };
                format!("({}{} in {}{query})", shape(expr), if *not { " not" } else { "" }, list(values))
            }
            ExprKind::Between { operands } => format!("between {}", list(operands)),
            ExprKind::Subquery(_) => "query".to_owned(),
            ExprKind::Exists(_) => "exists".to_owned(),
            ExprKind::Row(values) => format!("row({})", list(values)),
            ExprKind::Array(values) => format!("[{}]", list(values)),
            ExprKind::Other(values) => format!("?{}", list(values)),
        }
    }

    fn shapes(sql: &str) -> Vec<String> {
        exprs(&format!("select {sql}")).iter().map(shape).collect()
    }

    #[test]
    fn names_literals_and_stars() {
        assert_eq!(shapes(r#"A, t."B", s.t.c, *, t.*, $1"#), ["a", "t.B", "s.t.c", "*", "t*", "$"]);
        assert_eq!(shapes(r"'it''s', E'a\nb', $x$c$x$, U&'d\0061t'"), ["'it's'", "'a\nb'", "'c'", "'dat'"]);
        assert_eq!(shapes("1.5, true, null, b'01'"), ["1.5", "bool(true)", "null", "other"]);
    }

    #[test]
    fn operators_are_spelled_one_way() {
        assert_eq!(
            shapes("not a  AND b or c, a IS  DISTINCT from b, a operator(pg_catalog.=) b, a not  like b, -a, a||b"),
            ["(((not a) and b) or c)", "(a is distinct from b)", "(a = b)", "(a not like b)", "(- a)", "(a || b)"]
        );
        assert_eq!(
            shapes("a is not null, a isnull, a is unknown, a is not json array, a at time zone 'utc'"),
            ["(a is not null)", "(a is null)", "(a is unknown)", "(a is not json)", "(a at time zone 'utc')"]
        );
        assert_eq!(
            shapes("a in (1, 2), a not in (select 1), a in ('x'), a between 1 and 2, a = any(array[1])"),
            ["(a in 1 2)", "(a not in query)", "(a in 'x')", "between a 1 2", "(a = any([1]))"]
        );
    }

    #[test]
    fn every_kind_of_call_keeps_all_that_is_in_it() {
        assert_eq!(
            shapes(
                "count(*) filter (where x) over (order by y), s.f(a => 1, variadic b), current_user, extract(year from d)"
            ),
            ["count(x y)*~", "s.f(1 b)", "current_user()", "extract(d)"]
        );
        assert_eq!(
            shapes(
                "coalesce(a, 'b'), array(select 1), exists (select 1), substring(a from 1 for 2), all_of(array_agg(a order by b))"
            ),
            ["coalesce(a 'b')", "array(query)", "exists", "substring(a 1 2)", "all_of(array_agg(a b))"]
        );
        assert_eq!(
            shapes("case a when 1 then b else c end, (f(x)).y, a[1:2], a collate \"C\""),
            ["?a 1 b c", "?f(x)", "?a 1 2", "?a"]
        );
        assert_eq!(
            shapes("'1'::int[], cast(a as text), date 'x', row(1), (a, b)"),
            ["'1'::integer[]", "a::text", "'x'::date", "row(1)", "row(a b)"]
        );
    }

    #[test]
    fn parentheses_are_no_part_of_the_place() {
        let sql = "select ((a + b)), (select 1)";
        let written: Vec<_> = exprs(sql).iter().map(|expr| expr.span.of(sql)).collect();
        assert_eq!(written, ["a + b", "select 1"]);
    }

    #[test]
    fn a_tree_without_measure_is_cut_off() {
        // On a stack like that of the threads that parse files: without optimisation the frames are large.
        let cut_off = || {
            let sql = format!("select a{}", " or a".repeat(5000));
            shape(&exprs(&sql)[0]).contains('?')
        };
        let thread = std::thread::Builder::new().stack_size(64 * 1024 * 1024).spawn(cut_off).unwrap();
        assert!(thread.join().unwrap());
    }
}
