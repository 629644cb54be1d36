//! plpgsql bodies: blocks, their declarations and what does not parse in them.

use squawk_syntax::ast::Plpgsql;
use squawk_syntax::body::BodyLanguage;
use squawk_syntax::syntax_error::SyntaxError as Complaint;
use squawk_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};

use super::SyntaxError;
use super::error::{fault_of, significant};
use super::execute::Known;
use super::name::decoded;
use super::node::{Lower, Node, Place, is_trivia};
use crate::sql::ast::{Block, Expr, ExprKind, Handler, Ident, Stmt, VarDecl};
use crate::sql::{SplitError, split_all};
use crate::text::Span;

/// How many texts deep bodies and executed literals are read.
const DEEPEST_TEXT: usize = 24;

/// What is known about the body that is being lowered.
#[derive(Default)]
pub(super) struct Body {
    /// Where the parser saw errors, in order.
    errors: Vec<usize>,
    /// The statements that are told to be broken.
    reported: Vec<SyntaxNode>,
    /// Where what the body is made of goes wrong: what comes behind is a guess.
    lost_at: Option<usize>,
    /// The variables whose values are known, the innermost last.
    pub(super) known: Vec<Known>,
    /// Whether it executes anything.
    pub(super) executes: bool,
}

impl Body {
    /// Nothing behind this place is believed.
    pub(super) fn lose(&mut self, at: Option<usize>) {
        self.lost_at = self.lost_at.into_iter().chain(at).min();
    }

    /// Whether a node stands in a statement that is told to be broken.
    pub(super) fn follows(&self, node: &SyntaxNode) -> bool {
        node.ancestors().any(|outer| outer.kind() != SyntaxKind::PLPGSQL && self.reported.contains(&outer))
    }

    /// Whether the parser saw an error in a node.
    pub(super) fn is_broken(&self, node: &SyntaxNode) -> bool {
        let range = node.text_range();
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let first = self.errors.partition_point(|at| *at < start);
        let closed = node.has(SyntaxKind::SEMICOLON);
        self.errors.get(first).is_some_and(|at| *at < end || *at == end && !closed)
    }
}

impl Lower<'_> {
    /// The block that a plpgsql text is.
    pub(super) fn plpgsql(&mut self, text: &str, place: Place) -> Option<Block> {
        if place.depth() > DEEPEST_TEXT {
            return None;
        }
        let (green, mut errors) = Plpgsql::parse_text(text);
        errors.sort_by_key(|error| error.range().start());
        let root = SyntaxNode::new_root(green);
        let mut inner = Lower::new(place, true);
        inner.depth = self.depth;
        let mut body =
            Body { errors: errors.iter().map(|error| error.range().start().into()).collect(), ..Body::default() };
        body.expect_execute(text);
        inner.report_body(&root, &errors, &mut body);
        let block = root.child(SyntaxKind::PLPGSQL_BLOCK).map(|block| inner.block(&block, &mut body));
        if let Some(lost_at) = body.lost_at {
            inner.errors.retain(|error| error.span.start <= lost_at);
        }
        // Two ways may lead to the same place.
        inner.errors.sort_by_key(|error| error.span.start);
        inner.errors.dedup_by_key(|error| error.span.start);
        self.take_errors(inner.errors);
        block
    }

    /// The body of `do`, and where its text is written.
    pub(super) fn do_body(&mut self, literal: &SyntaxNode, plpgsql: bool) -> Option<(Option<Block>, Span)> {
        let text = decoded(literal)?;
        let outer = self.place;
        let place = Place::Within(&text, &outer);
        let span = place.span(0, text.text().len());
        Some((plpgsql.then(|| self.plpgsql(text.text(), place)).flatten(), span))
    }

    /// The statements of an SQL text inside a string.
    pub(super) fn statements(&mut self, text: &str, place: Place) -> Vec<Stmt> {
        if place.depth() > DEEPEST_TEXT {
            return Vec::new();
        }
        let mut statements = Vec::new();
        let (parts, broken) = split_all(text);
        for part in parts {
            // What is open at its end is reported below.
            if !broken.iter().any(|error| part.span.start <= error.span().start && error.span().start < part.span.end) {
                self.statement_at(part.span.of(text), Place::From(part.span.start, &place), &mut statements);
            }
        }
        let unterminated = broken.iter().filter(|error| matches!(error, SplitError::Unterminated { .. }));
        self.errors.extend(unterminated.map(|error| SyntaxError {
            span: place.span(error.span().start, error.span().end),
            message: error.to_string(),
            in_body: true,
        }));
        statements
    }

    /// Reads one statement that stands in a body.
    pub(super) fn statement_at(&mut self, text: &str, place: Place, statements: &mut Vec<Stmt>) {
        let mut inner = Lower::new(place, true);
        inner.depth = self.depth;
        inner.read(text, statements);
        self.take_errors(inner.errors);
    }

    fn take_errors(&mut self, mut errors: Vec<SyntaxError>) {
        self.errors.append(&mut errors);
    }

    /// Reports the first error of each statement of a body; those of a statement within a broken one follow from it.
    fn report_body(&mut self, root: &SyntaxNode, errors: &[Complaint], body: &mut Body) {
        let tokens = if errors.is_empty() { Vec::new() } else { significant(root) };
        for error in errors {
            let fault = fault_of(error, &tokens);
            // What the parser could make nothing of is tried again when it is lowered.
            let start = u32::try_from(fault.start).unwrap_or(u32::MAX).into();
            let at = root.token_at_offset(root.text_range().end().min(start)).right_biased();
            let at = at.and_then(|token| statement_of(&token));
            let again = |node: &SyntaxNode| node.kind() == SyntaxKind::ERROR || is_read_again(node);
            if at.is_some_and(|node| again(&node) && node.bounds().0 == fault.start) {
                continue;
            }
            // It belongs to what is before it: the token that does not fit may be the next statement's.
            let before = root.token_at_offset(error.range().start()).left_biased();
            let before = std::iter::successors(before, SyntaxToken::prev_token).find(|token| !is_trivia(token.kind()));
            let statement = before.filter(|token| token.kind() != SyntaxKind::SEMICOLON);
            let statement = statement.and_then(|token| statement_of(&token)).unwrap_or_else(|| root.clone());
            if is_read_again(&statement) || body.follows(&statement) {
                continue;
            }
            let error = self.syntax_error(fault);
            if !is_simple(statement.kind()) {
                body.lose(Some(error.span.start));
            }
            self.errors.push(error);
            body.reported.push(statement);
        }
    }

    /// Reads a statement or declaration that the parser made nothing of, or reports where it goes wrong.
    pub(super) fn unread(&mut self, node: &SyntaxNode, body: &mut Body, statements: &mut Vec<Stmt>) {
        let (outer, before) = (self.place, self.errors.len());
        self.statement_at(&node.text().to_string(), Place::From(node.text_range().start().into(), &outer), statements);
        let null = node.tokens().next().is_some_and(|token| token.kind() == SyntaxKind::NULL_KW);
        if null || self.errors.len() == before || statements.len() != 1 {
            self.errors.truncate(before);
            // `null` begins a statement of plpgsql, where nothing may follow.
            let mut tokens = std::iter::successors(node.first_token(), SyntaxToken::next_token);
            let token = tokens.by_ref().filter(|token| !is_trivia(token.kind())).nth(usize::from(null));
            self.refuse(node, token.as_ref());
        }
        body.lose(self.errors.last().map(|error| error.span.start));
        statements.clear();
    }

    /// `declare … begin … exception … end`.
    pub(super) fn block(&mut self, node: &SyntaxNode, body: &mut Body) -> Block {
        let outside = body.known.len();
        let mut block = Block {
            span: self.span_of_statement(node),
            variables: Vec::new(),
            statements: Vec::new(),
            handlers: Vec::new(),
        };
        if let Some(section) = node.child(SyntaxKind::PLPGSQL_DECLARE_SECTION) {
            self.declarations(&section, body, &mut block.variables);
        }
        block.statements = self.body_of(node, body);
        let section = node.child(SyntaxKind::PLPGSQL_EXCEPTION_SECTION);
        if section.is_some() {
            // It is left somewhere in between.
            body.forget(node);
        }
        for handler in
            section.iter().flat_map(|section| section.every(SyntaxKind::PLPGSQL_EXCEPTION_HANDLER).collect::<Vec<_>>())
        {
            let conditions = handler.every(SyntaxKind::PLPGSQL_CONDITION);
            let conditions = conditions.filter_map(|condition| self.condition(&condition)).collect();
            let statements = self.body_of_branch(&handler, body);
            block.handlers.push(Handler { span: self.span(&handler), conditions, statements });
        }
        if let Some(section) = section {
            body.forget(&section);
        }
        body.known.truncate(outside);
        block
    }

    /// A condition's name, or the code behind `sqlstate`.
    fn condition(&self, node: &SyntaxNode) -> Option<Ident> {
        match node.token(SyntaxKind::STRING) {
            Some(code) => Some(self.ident_token(&code)),
            None => self.ident(node),
        }
    }

    fn declarations(&mut self, section: &SyntaxNode, body: &mut Body, variables: &mut Vec<VarDecl>) {
        for node in section.children() {
            let Some(name) = node.child(SyntaxKind::PLPGSQL_VAR_NAME).and_then(|name| self.ident(&name)) else {
                if node.kind() == SyntaxKind::ERROR {
                    self.more_declarations(&node, body, variables);
                }
                continue;
            };
            let mut variable = VarDecl { name, type_name: None, default: None };
            match node.kind() {
                SyntaxKind::PLPGSQL_VAR_DECL => {
                    variable.type_name = self.first_type(&node);
                    variable.default = node.child(SyntaxKind::PLPGSQL_VAR_INIT).and_then(|init| self.first_expr(&init));
                }
                SyntaxKind::PLPGSQL_CURSOR_DECL => variable.default = self.subquery_in(&node),
                _ => {}
            }
            body.declare(&variable);
            variables.push(variable);
        }
    }

    /// `declare` may be written again before any declaration, which the parser does not know.
    fn more_declarations(&mut self, node: &SyntaxNode, body: &mut Body, variables: &mut Vec<VarDecl>) {
        let text = node.text().to_string();
        let again = node.tokens().next().is_some_and(|token| token.kind() == SyntaxKind::DECLARE_KW);
        let (green, errors) = Plpgsql::parse_text(&format!("{text} begin end"));
        let start = usize::from(node.text_range().start());
        if !again || !errors.is_empty() {
            let token = node.tokens().next();
            self.refuse(node, token.as_ref());
            return;
        }
        let outer = self.place;
        let mut inner = Lower::new(Place::From(start, &outer), true);
        inner.depth = self.depth;
        if let Some(section) = SyntaxNode::new_root(green).find(SyntaxKind::PLPGSQL_DECLARE_SECTION) {
            inner.declarations(&section, body, variables);
        }
        self.take_errors(inner.errors);
    }

    /// The query among the children, as an expression.
    pub(super) fn subquery_in(&mut self, node: &SyntaxNode) -> Option<Expr> {
        let query = node.children().find_map(|child| self.query(&child))?;
        Some(Expr { span: query.span, kind: ExprKind::Subquery(Box::new(query)) })
    }
}

/// Whether a statement is read by itself when its body does not parse.
pub(super) fn is_read_again(node: &SyntaxNode) -> bool {
    matches!(node.kind(), SyntaxKind::PLPGSQL_EXEC_SQL_STMT | SyntaxKind::PLPGSQL_PERFORM_STMT)
        && node.has(SyntaxKind::SEMICOLON)
}

/// Whether a statement ends with its semicolon whatever is in it, so that the next one can be believed.
fn is_simple(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::PLPGSQL_ASSIGN_STMT
            | K::PLPGSQL_RETURN_STMT
            | K::PLPGSQL_RETURN_NEXT_STMT
            | K::PLPGSQL_RETURN_QUERY_STMT
            | K::PLPGSQL_RETURN_QUERY_EXECUTE_STMT
            | K::PLPGSQL_RAISE_STMT
            | K::PLPGSQL_DYN_EXECUTE_STMT
            | K::PLPGSQL_CALL_STMT
            | K::PLPGSQL_DO_STMT
            | K::PLPGSQL_VAR_DECL
    )
}

/// The statement or declaration that a token of a body belongs to.
fn statement_of(token: &SyntaxToken) -> Option<SyntaxNode> {
    token.parent_ancestors().find(|node| {
        let kind = node.parent().map(|parent| parent.kind());
        matches!(kind, Some(SyntaxKind::PLPGSQL_BODY | SyntaxKind::PLPGSQL_DECLARE_SECTION))
    })
}
