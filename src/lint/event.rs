//! A file as a flat list of statements in the order they run, each with what guards it.

use std::sync::Arc;

use crate::sql::ast::{Block, BodyStmt, CreateRoutine, Execute, Expr, Ident, RoutineBody, Stmt, StmtKind};
use crate::text::Span;

/// Where a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// By itself in the file.
    Top,
    /// In a DO block.
    Do,
    /// In the text of an `execute`, in a DO block.
    Executed,
    /// In the body of a function or procedure: defined now, run later, perhaps.
    Routine,
}

/// A condition that must hold for a statement to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The expression.
    pub expr: Arc<Expr>,
    /// Whether it must be true (`if`) or untrue (`else`).
    pub holds: bool,
    /// What the variables in it were set to, in the order they were set.
    pub values: Vec<(String, Arc<Expr>)>,
}

/// An exception handler around a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Handler {
    /// Where it stands, from `when`.
    pub span: Span,
    /// What it catches, in lower case: `duplicate_object`, `others`, `42710`.
    pub conditions: Vec<String>,
    /// Whether it goes on as if nothing had happened: no `raise exception` and no bare `raise` in it.
    pub swallows: bool,
}

/// What stands between a statement and its running.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Guards {
    /// Conditions, outermost first.
    pub conditions: Vec<Condition>,
    /// Handlers, innermost first.
    pub handlers: Vec<Handler>,
    /// Whether it stands in a loop.
    pub in_loop: bool,
    /// What the loops run over.
    pub loops: Vec<Arc<Expr>>,
}

impl Guards {
    /// Whether it runs in any case.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty() && self.handlers.is_empty() && !self.in_loop
    }
}

/// A statement that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The statement.
    pub stmt: Stmt,
    /// Where it stands.
    pub origin: Origin,
    /// The index of the top-level statement in the file that it is or stands in.
    pub top: usize,
    /// What guards it.
    pub guards: Guards,
    /// An `execute` whose text cannot be known: `stmt` is [`StmtKind::Invalid`] with the span of the command.
    pub dynamic: Option<Arc<Execute>>,
}

/// The statements of a file as events.
pub fn flatten(statements: Vec<Stmt>) -> Vec<Event> {
    let mut events = Vec::with_capacity(statements.len());
    for (top, stmt) in statements.into_iter().enumerate() {
        let inner = inner(&stmt, top);
        events.push(Event { stmt, origin: Origin::Top, top, guards: Guards::default(), dynamic: None });
        events.extend(inner);
    }
    events
}

/// The events inside a statement: of a DO block, or of the body that a routine gets.
fn inner(stmt: &Stmt, top: usize) -> Vec<Event> {
    let mut walk = Walk { events: Vec::new(), top, origin: Origin::Do, guards: Guards::default(), values: Vec::new() };
    match &stmt.kind {
        StmtKind::Do { body: Some(block), .. } => walk.block(block),
        StmtKind::CreateRoutine(routine) => {
            walk.origin = Origin::Routine;
            match &routine.body {
                Some(RoutineBody::Block(block)) => walk.block(block),
                Some(RoutineBody::Sql(statements)) => statements.iter().for_each(|stmt| walk.push(stmt, walk.origin)),
                _ => {}
            }
        }
        _ => {}
    }
    walk.events
}

/// The statements that run when a routine is called.
pub(super) fn of_routine(routine: &CreateRoutine) -> Vec<Event> {
    let mut walk =
        Walk { events: Vec::new(), top: 0, origin: Origin::Routine, guards: Guards::default(), values: Vec::new() };
    match &routine.body {
        Some(RoutineBody::Block(block)) => walk.block(block),
        Some(RoutineBody::Sql(statements)) => statements.iter().for_each(|stmt| walk.push(stmt, Origin::Routine)),
        Some(RoutineBody::Text(_)) | None => {}
    }
    walk.events
}

struct Walk {
    events: Vec<Event>,
    top: usize,
    origin: Origin,
    guards: Guards,
    values: Vec<(String, Arc<Expr>)>,
}

impl Walk {
    fn push(&mut self, stmt: &Stmt, origin: Origin) {
        self.events.push(Event {
            stmt: stmt.clone(),
            origin,
            top: self.top,
            guards: self.guards.clone(),
            dynamic: None,
        });
    }

    fn block(&mut self, block: &Block) {
        for variable in &block.variables {
            if let Some(default) = &variable.default {
                self.set(&variable.name, default);
            }
        }
        let outer = self.guards.handlers.clone();
        let own = block.handlers.iter().map(|handler| Handler {
            span: handler.span,
            conditions: handler.conditions.iter().map(|condition| condition.value.clone()).collect(),
            swallows: !raises(&handler.statements),
        });
        self.guards.handlers.splice(0..0, own);
        self.body(&block.statements);
        self.guards.handlers = outer;
        for handler in &block.handlers {
            // What a handler does runs only after something failed: a guard of its own, which no rule takes for a test.
            self.body(&handler.statements);
        }
    }

    fn body(&mut self, statements: &[BodyStmt]) {
        for statement in statements {
            match statement {
                BodyStmt::Sql { stmt, into } => {
                    self.push(stmt, self.origin);
                    if let (StmtKind::Select(query), false) = (&stmt.kind, into.is_empty()) {
                        let value = Expr { span: stmt.span, kind: crate::sql::ast::ExprKind::Subquery(query.clone()) };
                        into.iter().for_each(|variable| self.set(variable, &value));
                    }
                }
                BodyStmt::If { branches, otherwise } => {
                    let depth = self.guards.conditions.len();
                    for branch in branches {
                        let expr = Arc::new(branch.condition.clone());
                        let values = self.values.clone();
                        self.guards.conditions.push(Condition {
                            expr: Arc::clone(&expr),
                            holds: true,
                            values: values.clone(),
                        });
                        self.body(&branch.statements);
                        self.guards.conditions.pop();
                        self.guards.conditions.push(Condition { expr, holds: false, values });
                    }
                    self.body(otherwise);
                    self.guards.conditions.truncate(depth);
                }
                BodyStmt::Loop { over, execute, statements } => {
                    if let Some(execute) = execute {
                        self.execute(execute);
                    }
                    let (outer, depth) = (self.guards.in_loop, self.guards.loops.len());
                    self.guards.in_loop = true;
                    self.guards.loops.extend(over.iter().cloned().map(Arc::new));
                    self.body(statements);
                    self.guards.in_loop = outer;
                    self.guards.loops.truncate(depth);
                }
                BodyStmt::Block(block) => self.block(block),
                BodyStmt::Execute(execute) => self.execute(execute),
                BodyStmt::Assign { target, value } => self.set(target, value),
                BodyStmt::Return { .. } | BodyStmt::Raise { .. } | BodyStmt::Null(_) | BodyStmt::Other { .. } => {}
            }
        }
    }

    fn set(&mut self, variable: &Ident, value: &Expr) {
        self.values.retain(|(name, _)| *name != variable.value);
        self.values.push((variable.value.clone(), Arc::new(value.clone())));
    }

    fn execute(&mut self, execute: &Execute) {
        let origin = if self.origin == Origin::Routine { Origin::Routine } else { Origin::Executed };
        match &execute.statements {
            Some(statements) => {
                for stmt in statements {
                    self.push(stmt, origin);
                }
            }
            None => self.events.push(Event {
                stmt: Stmt { span: execute.span, kind: StmtKind::Invalid },
                origin,
                top: self.top,
                guards: self.guards.clone(),
                dynamic: Some(Arc::new(execute.clone())),
            }),
        }
    }
}

/// Whether a handler lets the error out again.
fn raises(statements: &[BodyStmt]) -> bool {
    statements.iter().any(|statement| match statement {
        BodyStmt::Raise { level, .. } => level == "exception",
        BodyStmt::If { branches, otherwise } => {
            branches.iter().any(|branch| raises(&branch.statements)) || raises(otherwise)
        }
        BodyStmt::Loop { statements, .. } => raises(statements),
        BodyStmt::Block(block) => raises(&block.statements),
        _ => false,
    })
}
