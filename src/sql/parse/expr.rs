//! Expressions.

use squawk_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

use super::node::{Lower, Node, is_trivia};
use super::query::is_query;
use super::types::is_type;
use crate::sql::ast::{Expr, ExprKind, Ident, LiteralKind, Name};
use crate::text::Span;

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
            K::PREFIX_EXPR => ExprKind::Unary { op: operator(node), expr: Box::new(self.first_expr(node)?) },
            K::POSTFIX_EXPR => self.postfix(node)?,
            K::BETWEEN_EXPR => ExprKind::Between { operands: self.exprs_in(node) },
            K::TUPLE_EXPR => ExprKind::Row(self.exprs_in(node)),
            K::ARRAY_EXPR => match node.children().find(|child| is_query(child.kind())) {
                Some(query) => {
                    let array = node.token(K::ARRAY_KW)?;
                    let name = self.name_of(&array);
                    let args = self.expr(&query).into_iter().collect();
                    ExprKind::Call { name, args, star: false, window: false }
                }
                None => ExprKind::Array(self.exprs_in(node)),
            },
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

    fn literal(&self, node: &SyntaxNode) -> ExprKind {
        use SyntaxKind as K;
        let Some(token) = node.tokens().next() else { return ExprKind::Other(Vec::new()) };
        ExprKind::Literal(match token.kind() {
            K::POSITIONAL_PARAM => return ExprKind::Parameter,
            K::NULL_KW => LiteralKind::Null,
            K::TRUE_KW => LiteralKind::Bool(true),
            K::FALSE_KW => LiteralKind::Bool(false),
            K::INT_NUMBER | K::NUMERIC_NUMBER => LiteralKind::Number(token.text().to_owned()),
            _ => self.literal_string(node).map_or(LiteralKind::Other, LiteralKind::String),
        })
    }

    fn name_ref(&self, node: &SyntaxNode) -> Option<ExprKind> {
        let token = node.tokens().next()?;
        if is_value_function(token.kind()) {
            return Some(ExprKind::Call { name: self.name_of(&token), args: Vec::new(), star: false, window: false });
        }
        Some(ExprKind::Column(vec![self.ident_token(&token)]))
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

    /// `f(…)`, or one of the functions with a syntax of their own.
    fn call(&mut self, node: &SyntaxNode) -> Option<ExprKind> {
        use SyntaxKind as K;
        let first = node.children().next()?;
        let window = node.holds(K::OVER_CLAUSE);
        let mut args = Vec::new();
        if first.kind() == K::EXISTS_FN {
            let query = first.children().find(|child| is_query(child.kind()) || child.kind() == K::PAREN_EXPR)?;
            return Some(ExprKind::Exists(Box::new(self.query(&query)?)));
        }
        let Some(list) = node.child(K::ARG_LIST) else {
            let token = first.tokens().find(|token| token.kind().is_keyword())?;
            let name = self.name_of(&token);
            self.collect_loose(node, &mut args);
            return Some(ExprKind::Call { name, args, star: false, window });
        };
        let name = self.name(&first)?;
        for part in node.children().skip(1) {
            self.collect_loose(&part, &mut args);
        }
        Some(ExprKind::Call { name, args, star: list.has(K::STAR), window })
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
                    K::TUPLE_EXPR => list = self.exprs_in(&right),
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

    /// A name of one word.
    fn name_of(&self, token: &SyntaxToken) -> Name {
        let part: Ident = self.ident_token(token);
        let span: Span = part.span;
        Name { parts: vec![part], span }
    }
}

/// The functions that are called without parentheses.
fn is_value_function(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::CURRENT_CATALOG_KW
            | K::CURRENT_DATE_KW
            | K::CURRENT_ROLE_KW
            | K::CURRENT_SCHEMA_KW
            | K::CURRENT_TIME_KW
            | K::CURRENT_TIMESTAMP_KW
            | K::CURRENT_USER_KW
            | K::LOCALTIME_KW
            | K::LOCALTIMESTAMP_KW
            | K::SESSION_USER_KW
            | K::SYSTEM_USER_KW
            | K::USER_KW
    )
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
