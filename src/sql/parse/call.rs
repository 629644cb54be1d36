//! Calls, and the names that may be one.

use squawk_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};

use super::node::{Lower, Node};
use super::query::is_query;
use crate::sql::ast::{ExprKind, Name};

impl Lower<'_> {
    /// `f(…)`, or one of the functions with a syntax of their own.
    pub(super) fn call(&mut self, node: &SyntaxNode) -> Option<ExprKind> {
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

    /// A column, or a function that is called without parentheses.
    pub(super) fn name_ref(&mut self, node: &SyntaxNode) -> Option<ExprKind> {
        let token = node.tokens().next()?;
        if is_operator_word(token.kind()) {
            self.refuse_behind(node);
        }
        if is_value_function(token.kind()) {
            return Some(ExprKind::Call { name: self.name_of(&token), args: Vec::new(), star: false, window: false });
        }
        Some(ExprKind::Column(vec![self.ident_token(&token)]))
    }

    /// `array[…]`, `array(select …)`.
    pub(super) fn array(&mut self, node: &SyntaxNode) -> Option<ExprKind> {
        use SyntaxKind as K;
        let word = node.token(K::ARRAY_KW);
        if let Some(query) = node.children().find(|child| is_query(child.kind())) {
            let args = self.expr(&query).into_iter().collect();
            return Some(ExprKind::Call { name: self.name_of(&word?), args, star: false, window: false });
        }
        let nested = node.parent().is_some_and(|parent| parent.kind() == K::ARRAY_EXPR);
        if !nested && word.is_none() {
            self.refuse(node, node.tokens().next().as_ref());
        }
        Some(ExprKind::Array(self.exprs_in(node)))
    }

    /// A name of one word.
    fn name_of(&self, token: &SyntaxToken) -> Name {
        let part = self.ident_token(token);
        let span = part.span;
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

/// The words that can name a function or a type but no column: `left`, `like` …
fn is_operator_word(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::AUTHORIZATION_KW
            | K::BINARY_KW
            | K::COLLATION_KW
            | K::CONCURRENTLY_KW
            | K::CROSS_KW
            | K::FREEZE_KW
            | K::FULL_KW
            | K::ILIKE_KW
            | K::INNER_KW
            | K::IS_KW
            | K::JOIN_KW
            | K::LEFT_KW
            | K::LIKE_KW
            | K::NATURAL_KW
            | K::OUTER_KW
            | K::OVERLAPS_KW
            | K::RIGHT_KW
            | K::SIMILAR_KW
            | K::TABLESAMPLE_KW
            | K::VERBOSE_KW
    )
}
