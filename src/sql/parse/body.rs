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
            kind: super::ErrorKind::Syntax,
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

#[cfg(test)]
mod tests {
    use crate::sql::ast::{Block, BodyStmt, ExprKind, Stmt, StmtKind};
    use crate::sql::parse::{Script, parse};

    fn body(sql: &str) -> Block {
        let Script { mut statements, errors } = parse(sql);
        assert_eq!(errors, []);
        let StmtKind::Do { body: Some(block), .. } = statements.remove(0).kind else { panic!("{sql}") };
        *block
    }

    fn sql_of(statement: &BodyStmt) -> &Stmt {
        let BodyStmt::Sql { stmt, .. } = statement else { panic!("{statement:?}") };
        stmt
    }

    /// What stands where each error is.
    fn errors(sql: &str) -> Vec<String> {
        let script = parse(sql);
        assert!(script.errors.iter().all(|error| error.in_body));
        script.errors.iter().map(|error| sql[error.span.start..].split(' ').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn into_is_taken_off_and_every_place_is_that_of_the_file() {
        let sql = "do $$ declare r record; a int; begin select id into strict a from s.t; with w as (select 1) select * \
                   into r from w; insert into t values (1) returning id, b into a, r.x; select into a 1; end $$;";
        let block = body(sql);
        let table = |statement: &BodyStmt| match &sql_of(statement).kind {
            StmtKind::Select(query) => query.relations().first().map(|name| name.span.of(sql).to_owned()),
            StmtKind::Insert(insert) => Some(insert.table.span.of(sql).to_owned()),
            other => panic!("{other:?}"),
        };
        let tables: Vec<_> = block.statements.iter().map(table).collect();
        assert_eq!(tables, [Some("s.t".to_owned()), None, Some("t".to_owned()), None]);
        assert_eq!(sql_of(&block.statements[0]).span.of(sql), "select id into strict a from s.t");
    }

    #[test]
    fn declarations_may_begin_again() {
        let block =
            body("do $$ declare a int := 1; declare b text; c cursor for select 1; declare begin null; end $$;");
        let names: Vec<_> = block.variables.iter().map(|variable| variable.name.value.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert!(matches!(&block.variables[2].default, Some(query) if matches!(query.kind, ExprKind::Subquery(_))));
    }

    #[test]
    fn a_body_in_quotes_has_its_places_behind_the_escapes() {
        let sql = r"do E'begin\n raise notice \'a\'; perform f(1);
            exception when sqlstate \'42710\' or others then null; end';";
        let block = body(sql);
        let BodyStmt::Raise { level, message, .. } = &block.statements[0] else { panic!("{block:?}") };
        assert_eq!((level.as_str(), message.as_deref()), ("notice", Some("a")));
        assert_eq!(sql_of(&block.statements[1]).span.of(sql), "perform f(1)");
        let conditions: Vec<_> = block.handlers[0].conditions.iter().map(|it| it.value.as_str()).collect();
        assert_eq!(conditions, ["42710", "others"]);
    }

    #[test]
    fn control_flow_keeps_its_conditions_and_bodies() {
        let block = body(
            "do $$ begin if not exists (select 1) then null; elsif a then perform 1; else return; end if; \
             case x when 1 then null; else null; end case; \
             for r in select * from t loop a := r.x; end loop; while a loop exit when b; end loop; end $$;",
        );
        let [
            BodyStmt::If { branches, otherwise },
            BodyStmt::If { branches: cases, .. },
            BodyStmt::Loop { over, .. },
            BodyStmt::Loop { .. },
        ] = &block.statements[..]
        else {
            panic!("{block:?}")
        };
        assert_eq!((branches.len(), otherwise.len(), over.len()), (2, 1, 1));
        assert!(matches!(&cases[0].condition.kind, ExprKind::Binary { op, .. } if op == "="));
    }

    #[test]
    fn each_broken_statement_is_told_once_where_the_server_sees_it() {
        let sql = "do $$ begin update t st a; select 1 into a fro t x y; null; x := ; end $$;";
        assert_eq!(errors(sql), ["a;", "t", ";"]);
        assert_eq!(errors("do $$ begin drop tabel x; null; end $$;"), ["tabel"]);
        assert_eq!(errors("do $$ begin null null; end $$;"), ["null;"]);
        assert_eq!(errors("create function f() returns int language sql as 'select 1; selec ''a''';"), ["selec"]);
    }

    #[test]
    fn nothing_is_told_behind_the_place_where_the_body_itself_goes_wrong() {
        assert_eq!(errors("do $$ begin elsif a then null; end if; end $$;"), ["elsif"]);
        assert_eq!(errors("do $$ begin for i in 1..3 loop null; end; end $$;"), [";"]);
        assert_eq!(errors("do $$ begin null; exception whn others then null; end $$;"), ["whn"]);
        assert_eq!(errors("do $$ begin null;$$;"), ["$$;"]);
    }

    #[test]
    fn bodies_within_bodies_come_to_an_end() {
        let mut sql = "begin null; end".to_owned();
        for depth in 0..60 {
            sql = format!("begin do $a{depth}${sql}$a{depth}$; end");
        }
        assert_eq!(parse(&format!("do $${sql}$$")).errors, []);
    }
}
