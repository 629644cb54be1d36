//! The statements of plpgsql.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::body::{Body, is_read_again};
use super::name::literal_string;
use super::node::{Lower, Node, Place};
use super::query::is_query;
use crate::sql::ast::{BodyStmt, Branch, Execute, Expr, ExprKind, Ident, Stmt, StmtKind};

impl Lower<'_> {
    /// The statements in the body that a node holds.
    pub(super) fn body_of(&mut self, node: &SyntaxNode, body: &mut Body) -> Vec<BodyStmt> {
        let Some(holder) = node.child(SyntaxKind::PLPGSQL_BODY) else { return Vec::new() };
        if self.depth >= super::DEEPEST {
            return Vec::new();
        }
        self.depth += 1;
        let mut statements = Vec::new();
        for statement in holder.children() {
            statements.extend(self.body_stmt(&statement, body));
            if !matches!(statement.kind(), SyntaxKind::PLPGSQL_ASSIGN_STMT | SyntaxKind::PLPGSQL_BLOCK) {
                body.forget(&statement);
            }
        }
        self.depth -= 1;
        statements
    }

    /// The statements of one of several ways through a body.
    pub(super) fn body_of_branch(&mut self, node: &SyntaxNode, body: &mut Body) -> Vec<BodyStmt> {
        let before = body.known.clone();
        let statements = self.body_of(node, body);
        body.known = before;
        statements
    }

    fn body_stmt(&mut self, node: &SyntaxNode, body: &mut Body) -> Option<BodyStmt> {
        use SyntaxKind as K;
        Some(match node.kind() {
            K::PLPGSQL_EXEC_SQL_STMT | K::PLPGSQL_PERFORM_STMT | K::PLPGSQL_CALL_STMT | K::PLPGSQL_DO_STMT => {
                self.sql(node, body)?
            }
            // Within a broken statement it follows from that.
            K::ERROR if body.follows(node) => return None,
            K::ERROR => self.with_into(node, body)?,
            K::PLPGSQL_BLOCK => BodyStmt::Block(Box::new(self.block(node, body))),
            K::PLPGSQL_IF_STMT => self.if_stmt(node, body),
            K::PLPGSQL_CASE_STMT => self.case_stmt(node, body),
            K::PLPGSQL_LOOP_STMT
            | K::PLPGSQL_WHILE_STMT
            | K::PLPGSQL_FOR_I_STMT
            | K::PLPGSQL_FOR_DYN_STMT
            | K::PLPGSQL_FOR_CURSOR_STMT
            | K::PLPGSQL_FOR_QUERY_STMT
            | K::PLPGSQL_FOR_EACH_STMT => self.loop_stmt(node, body),
            K::PLPGSQL_DYN_EXECUTE_STMT | K::PLPGSQL_RETURN_QUERY_EXECUTE_STMT => {
                BodyStmt::Execute(Box::new(self.execute(node, node, body)?))
            }
            K::PLPGSQL_ASSIGN_STMT => {
                let target = self.ident(&node.child(K::PLPGSQL_ASSIGN_TARGET)?)?;
                let value = self.first_expr(node)?;
                body.assign(node, &target.value, &value);
                BodyStmt::Assign { target, value }
            }
            K::PLPGSQL_RETURN_STMT | K::PLPGSQL_RETURN_NEXT_STMT => {
                BodyStmt::Return { span: self.span_of_statement(node), value: self.first_expr(node) }
            }
            K::PLPGSQL_RETURN_QUERY_STMT => self.return_query(node),
            K::PLPGSQL_RAISE_STMT => self.raise(node),
            K::PLPGSQL_NULL_STMT => BodyStmt::Null(self.span_of_statement(node)),
            K::PLPGSQL_OPEN_STMT => match node.child(K::PLPGSQL_OPEN_EXECUTE) {
                Some(open) => BodyStmt::Execute(Box::new(self.execute(node, &open, body)?)),
                None => self.other(node),
            },
            _ => self.other(node),
        })
    }

    fn other(&mut self, node: &SyntaxNode) -> BodyStmt {
        BodyStmt::Other { span: self.span_of_statement(node), exprs: self.loose_exprs(node) }
    }

    /// An SQL statement, which the parser keeps within another node.
    fn sql(&mut self, node: &SyntaxNode, body: &mut Body) -> Option<BodyStmt> {
        let statement = node.children().next()?;
        let statement = if !body.is_broken(node) {
            self.stmt(&statement)
        } else if is_read_again(node) {
            let mut text = node.text().to_string();
            if node.kind() == SyntaxKind::PLPGSQL_PERFORM_STMT {
                let (start, _) = node.bounds();
                let from = start - usize::from(node.text_range().start());
                text.replace_range(from..from + "perform".len(), "select ");
            }
            let statement = self.reread(node, &text)?;
            // What is no command at all may be any part of a body.
            let at = self.errors.last().map(|error| error.span.start);
            body.lose(at.filter(|at| *at == self.span(node).start));
            statement
        } else {
            Stmt { span: self.span_of_statement(&statement), kind: StmtKind::Invalid }
        };
        Some(plain(statement))
    }

    fn reread(&mut self, node: &SyntaxNode, text: &str) -> Option<Stmt> {
        let (outer, mut statements) = (self.place, Vec::with_capacity(1));
        self.statement_at(text, Place::From(node.text_range().start().into(), &outer), &mut statements);
        statements.into_iter().next()
    }

    /// A statement that the parser could not read because of its `into`, read without it.
    fn with_into(&mut self, node: &SyntaxNode, body: &mut Body) -> Option<BodyStmt> {
        let Some(into) = into_clause(node) else {
            self.unread(node, body, &mut Vec::new());
            return None;
        };
        let variables = self.variables_of_into(node, &into);
        let start = usize::from(node.text_range().start());
        let text = blanked(&node.text().to_string(), into.start - start, into.end - start);
        Some(BodyStmt::Sql { stmt: Box::new(self.reread(node, &text)?), into: variables })
    }

    /// The variables of an `into` clause, the first part of each.
    fn variables_of_into(&self, node: &SyntaxNode, clause: &std::ops::Range<usize>) -> Vec<Ident> {
        let mut variables = Vec::new();
        let mut wanted = true;
        for token in node.tokens().filter(|token| clause.contains(&usize::from(token.text_range().start()))).skip(1) {
            match token.kind() {
                SyntaxKind::COMMA => wanted = true,
                SyntaxKind::STRICT_KW => {}
                _ if wanted => {
                    variables.push(self.ident_token(&token));
                    wanted = false;
                }
                _ => {}
            }
        }
        variables
    }

    fn branch(&mut self, node: &SyntaxNode, body: &mut Body) -> Option<Branch> {
        Some(Branch { condition: self.first_expr(node)?, statements: self.body_of_branch(node, body) })
    }

    fn otherwise(&mut self, node: &SyntaxNode, body: &mut Body) -> Vec<BodyStmt> {
        node.child(SyntaxKind::PLPGSQL_ELSE_CLAUSE).map_or_else(Vec::new, |clause| self.body_of_branch(&clause, body))
    }

    fn if_stmt(&mut self, node: &SyntaxNode, body: &mut Body) -> BodyStmt {
        let mut branches: Vec<Branch> = self.branch(node, body).into_iter().collect();
        for clause in node.every(SyntaxKind::PLPGSQL_ELSIF_CLAUSE) {
            branches.extend(self.branch(&clause, body));
        }
        BodyStmt::If { branches, otherwise: self.otherwise(node, body) }
    }

    fn case_stmt(&mut self, node: &SyntaxNode, body: &mut Body) -> BodyStmt {
        let subject = self.first_expr(node);
        let mut branches = Vec::new();
        for when in node.every(SyntaxKind::PLPGSQL_CASE_WHEN) {
            let Some(mut branch) = self.branch(&when, body) else { continue };
            if let Some(subject) = &subject {
                let value = branch.condition;
                let (left, right) = (Box::new(subject.clone()), Box::new(value));
                let kind = ExprKind::Binary { op: "=".to_owned(), left, right };
                branch.condition = Expr { span: self.span(&when), kind };
                if let ExprKind::Binary { right, .. } = &branch.condition.kind {
                    branch.condition.span = right.span;
                }
            }
            branches.push(branch);
        }
        BodyStmt::If { branches, otherwise: self.otherwise(node, body) }
    }

    fn loop_stmt(&mut self, node: &SyntaxNode, body: &mut Body) -> BodyStmt {
        let mut over = Vec::new();
        let mut execute = None;
        let mut first = None;
        if node.kind() == SyntaxKind::PLPGSQL_FOR_DYN_STMT {
            execute = self.execute(node, node, body).map(Box::new);
        } else {
            for child in node.children() {
                match child.kind() {
                    SyntaxKind::PLPGSQL_EXPR => over.extend(self.expr(&child)),
                    SyntaxKind::PLPGSQL_FOR_RANGE | SyntaxKind::ARG_LIST => self.collect_loose(&child, &mut over),
                    kind if is_query(kind) => over.extend(self.expr(&child)),
                    SyntaxKind::INSERT | SyntaxKind::UPDATE | SyntaxKind::DELETE | SyntaxKind::MERGE => {
                        first = Some(plain(self.stmt(&child)));
                    }
                    _ => {}
                }
            }
        }
        let outside = body.known.len();
        // The second time round they hold what the first has left.
        body.forget(node);
        let mut variables = node.every(SyntaxKind::PLPGSQL_FOR_VARIABLE);
        if let (Some(variable), None) = (variables.next(), variables.next())
            && let Some(name) = self.ident(&variable)
        {
            body.enter_loop(name.value, over.first());
        }
        let mut statements: Vec<BodyStmt> = first.into_iter().collect();
        statements.extend(self.body_of(node, body));
        body.known.truncate(outside);
        BodyStmt::Loop { over, execute, statements }
    }

    /// `return query`: a query is what is returned, a statement that writes is a statement.
    fn return_query(&mut self, node: &SyntaxNode) -> BodyStmt {
        let statement = node.children().find(|child| child.kind() != SyntaxKind::ERROR);
        match statement {
            Some(statement) if !is_query(statement.kind()) => plain(self.stmt(&statement)),
            _ => BodyStmt::Return { span: self.span_of_statement(node), value: self.subquery_in(node) },
        }
    }

    fn raise(&mut self, node: &SyntaxNode) -> BodyStmt {
        let level = node.child(SyntaxKind::PLPGSQL_RAISE_LEVEL).map(|level| level.words());
        let message = node.child(SyntaxKind::PLPGSQL_RAISE_MESSAGE).and_then(|it| it.child(SyntaxKind::LITERAL));
        let mut args = self.exprs_in(node);
        if let Some(options) = node.child(SyntaxKind::PLPGSQL_RAISE_USING_CLAUSE) {
            self.collect_loose(&options, &mut args);
        }
        BodyStmt::Raise {
            span: self.span_of_statement(node),
            level: level.unwrap_or_else(|| "exception".to_owned()),
            message: message.and_then(|message| literal_string(&message)),
            args,
        }
    }

    /// `execute` of a statement; command and `using` stand in `holder`.
    fn execute(&mut self, node: &SyntaxNode, holder: &SyntaxNode, body: &mut Body) -> Option<Execute> {
        let written = holder.child(SyntaxKind::PLPGSQL_EXPR)?;
        let command = self.expr(&written)?;
        let using = holder.child(SyntaxKind::PLPGSQL_USING_CLAUSE).map_or_else(Vec::new, |using| self.exprs_in(&using));
        let statements = self.executed(&written, &command, body);
        let span = match node.child(SyntaxKind::PLPGSQL_BODY) {
            // Of a loop it is the command alone.
            Some(_) => command.span,
            None => self.span_of_statement(node),
        };
        Some(Execute { span, command, using, statements })
    }
}

/// A statement without `into`.
fn plain(stmt: Stmt) -> BodyStmt {
    BodyStmt::Sql { stmt: Box::new(stmt), into: Vec::new() }
}

/// Where the `into` of a statement with its targets is written, as plpgsql looks for it.
fn into_clause(node: &SyntaxNode) -> Option<std::ops::Range<usize>> {
    use SyntaxKind as K;
    let tokens: Vec<_> = node.tokens().collect();
    if tokens.first()?.kind() == K::IMPORT_KW {
        return None;
    }
    let kind = |at: usize| tokens.get(at).map(squawk_syntax::SyntaxToken::kind);
    let into = (1..tokens.len())
        .find(|at| kind(*at) == Some(K::INTO_KW) && !matches!(kind(at - 1), Some(K::INSERT_KW | K::MERGE_KW)))?;
    let is_name =
        |at: usize| kind(at).is_some_and(|kind| kind == K::IDENT || kind == K::POSITIONAL_PARAM || kind.is_keyword());
    let mut at = into + 1;
    let strict = tokens.get(at)?.text().eq_ignore_ascii_case("strict");
    if strict && is_name(at + 1) {
        at += 1;
    }
    loop {
        if !is_name(at) {
            return None;
        }
        at += 1;
        while kind(at) == Some(K::DOT) && is_name(at + 1) {
            at += 2;
        }
        if kind(at) != Some(K::COMMA) {
            break;
        }
        at += 1;
    }
    let start = tokens.get(into)?.text_range().start().into();
    let end = tokens.get(at - 1)?.text_range().end().into();
    Some(start..end)
}

/// A text with blanks in one place, as many as there were bytes.
fn blanked(text: &str, start: usize, end: usize) -> String {
    let (before, after) = (text.get(..start).unwrap_or(text), text.get(end..).unwrap_or_default());
    let mut blanked = String::with_capacity(text.len());
    blanked.push_str(before);
    blanked.extend(std::iter::repeat_n(' ', end - start));
    blanked.push_str(after);
    blanked
}
