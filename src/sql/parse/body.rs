//! plpgsql bodies: blocks, their declarations and what does not parse in them.

use std::collections::BTreeSet;

use squawk_syntax::ast::Plpgsql;
use squawk_syntax::body::BodyLanguage;
use squawk_syntax::{SourceFile, SyntaxKind, SyntaxNode, SyntaxToken};

use super::SyntaxError;
use super::execute::Known;
use super::name::decoded;
use super::node::{Lower, Node, Place, is_trivia};
use crate::sql::ast::{Block, Expr, ExprKind, Handler, Ident, Stmt, StmtKind, VarDecl};
use crate::sql::{SplitError, split};
use crate::text::Span;

/// How many texts deep bodies and executed literals are read.
const DEEPEST_TEXT: usize = 24;

/// What is known about the body that is being lowered.
#[derive(Default)]
pub(super) struct Body {
    /// Where the parser saw errors, in order.
    errors: Vec<usize>,
    /// The variables whose values are known, the innermost last.
    pub(super) known: Vec<Known>,
    /// The variables that some statement assigns to.
    pub(super) assigned: BTreeSet<String>,
    /// The variables of loops over rows and arrays.
    pub(super) loops: BTreeSet<String>,
}

impl Body {
    /// Whether the parser saw an error in a node.
    pub(super) fn is_broken(&self, node: &SyntaxNode) -> bool {
        let range = node.text_range();
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let first = self.errors.partition_point(|at| *at < start);
        self.errors.get(first).is_some_and(|at| *at <= end)
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
        body.find_assigned(&root);
        inner.report_body(&root, &body.errors);
        let block = root.child(SyntaxKind::PLPGSQL_BLOCK).map(|block| inner.block(&block, &mut body));
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
        let mut inner = Lower::new(place, true);
        inner.depth = self.depth;
        let mut statements = Vec::new();
        match split(text) {
            Ok(parts) => {
                for part in parts {
                    statements.extend(inner.statement_at(part.span.of(text), part.span.start));
                }
            }
            Err(SplitError::Unterminated { what, span }) => inner.errors.push(SyntaxError {
                span: place.span(span.start, span.end),
                message: format!("unterminated {what}"),
                in_body: true,
            }),
            // What only psql minds is the server's error too, but not one of the syntax.
            Err(_) => {}
        }
        self.take_errors(inner.errors);
        statements
    }

    /// One statement of this text that begins at a byte of it.
    pub(super) fn statement_at(&mut self, text: &str, at: usize) -> Option<Stmt> {
        let parse = SourceFile::parse(text);
        let root = parse.syntax_node();
        let outer = self.place;
        let place = Place::From(at, &outer);
        let mut inner = Lower::new(place, self.in_body);
        inner.depth = self.depth;
        let stmt = match syntax_error_in(&parse) {
            Some(at) => {
                inner.report(&root, at);
                Some(Stmt { span: inner.span(&root), kind: StmtKind::Invalid })
            }
            None => root.children().next().map(|node| inner.stmt(&node)),
        };
        self.take_errors(inner.errors);
        stmt
    }

    fn take_errors(&mut self, mut errors: Vec<SyntaxError>) {
        self.errors.append(&mut errors);
    }

    /// Reports an error as PostgreSQL does: at the first token that does not fit.
    pub(super) fn report(&mut self, root: &SyntaxNode, at: usize) {
        let error = match token_from(root, at) {
            Some(token) => SyntaxError {
                span: self.token_span(&token),
                message: format!("syntax error at or near `{}`", token.text().lines().next().unwrap_or_default()),
                in_body: self.in_body,
            },
            None => {
                let end = root.bounds().1;
                let message = "syntax error at end of input".to_owned();
                SyntaxError { span: self.place.span(end, end), message, in_body: self.in_body }
            }
        };
        self.errors.push(error);
    }

    /// Reports the first error of each statement of a body; those of a statement within a broken one follow from it.
    fn report_body(&mut self, root: &SyntaxNode, errors: &[usize]) {
        let mut reported: Vec<SyntaxNode> = Vec::new();
        for at in errors {
            let statement = token_from(root, *at).or_else(|| root.last_token()).and_then(|token| statement_of(&token));
            match statement {
                // These are tried again when they are lowered.
                Some(statement) if statement.kind() == SyntaxKind::ERROR => {}
                Some(statement) => {
                    let known = |broken: &SyntaxNode| broken.text_range().contains_range(statement.text_range());
                    if !reported.iter().any(known) {
                        self.report(root, *at);
                        reported.push(statement);
                    }
                }
                // The end of a block is missed when a statement in it swallowed it.
                None if reported.is_empty() => {
                    self.report(root, *at);
                    reported.push(root.clone());
                }
                None => {}
            }
        }
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
        for handler in
            section.iter().flat_map(|section| section.every(SyntaxKind::PLPGSQL_EXCEPTION_HANDLER).collect::<Vec<_>>())
        {
            let conditions = handler.every(SyntaxKind::PLPGSQL_CONDITION);
            let conditions = conditions.filter_map(|condition| self.condition(&condition)).collect();
            let statements = self.body_of(&handler, body);
            block.handlers.push(Handler { span: self.span(&handler), conditions, statements });
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
            self.report(&root_of(node), start);
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

/// Where the first syntax error of a text is.
pub(super) fn syntax_error_in(parse: &squawk_syntax::Parse<SourceFile>) -> Option<usize> {
    parse.errors().first().map(|error| error.range().start().into())
}

pub(super) fn root_of(node: &SyntaxNode) -> SyntaxNode {
    node.ancestors().last().unwrap_or_else(|| node.clone())
}

/// The first significant token at a byte or behind it.
fn token_from(root: &SyntaxNode, at: usize) -> Option<SyntaxToken> {
    let at = u32::try_from(at).ok()?.into();
    if at > root.text_range().end() {
        return None;
    }
    let mut token = root.token_at_offset(at).right_biased();
    while let Some(current) = &token {
        if !is_trivia(current.kind()) && current.text_range().start() >= at {
            return token;
        }
        token = current.next_token();
    }
    None
}

/// The statement or declaration that a token of a body belongs to.
fn statement_of(token: &SyntaxToken) -> Option<SyntaxNode> {
    token.parent_ancestors().find(|node| {
        let kind = node.parent().map(|parent| parent.kind());
        matches!(kind, Some(SyntaxKind::PLPGSQL_BODY | SyntaxKind::PLPGSQL_DECLARE_SECTION))
    })
}
