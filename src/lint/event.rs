//! A file as a flat list of statements in the order they run, each with what guards it.

use std::sync::Arc;

use crate::sql::ast::{
    Block, BodyStmt, Branch, CreateRoutine, Execute, Expr, ExprKind, FromItem, FromKind, Ident, Name, Query, QueryBody,
    RoutineBody, Select, Stmt, StmtKind,
};
use crate::text::Span;

/// Where a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// By itself in the file.
    Top,
    /// In a DO block, or in a statement that runs another one: `explain analyze`.
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

/// A statement's place in an exception handler: it runs only after something in the block has failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescue {
    /// The handler.
    pub handler: Handler,
    /// What the block tried: the values and queries of its own statements.
    pub tried: Vec<Arc<Expr>>,
}

/// What stands between a statement and its running.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Guards {
    /// Conditions, outermost first; an `if` that returns is one for all that follows it, with the other sign.
    pub conditions: Vec<Condition>,
    /// Handlers, innermost first.
    pub handlers: Vec<Handler>,
    /// The handlers that it stands in, outermost first.
    pub rescues: Vec<Rescue>,
    /// Whether it stands in a loop.
    pub in_loop: bool,
    /// What the loops run over.
    pub loops: Vec<Arc<Expr>>,
}

impl Guards {
    /// Whether it runs in any case.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty() && self.handlers.is_empty() && self.rescues.is_empty() && !self.in_loop
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
    /// The expression whose value it is the text of, where it is executed.
    pub command: Option<Span>,
}

/// The statements of a file as events.
pub fn flatten(statements: Vec<Stmt>) -> Vec<Event> {
    let mut events = Vec::with_capacity(statements.len());
    let mut prepared = Vec::new();
    for (top, stmt) in statements.into_iter().enumerate() {
        let mut inner = inner(&stmt, top);
        if let Some(run) = run_by(&stmt, &prepared) {
            let guards = Guards::default();
            inner.push(Event { stmt: run, origin: Origin::Do, top, guards, dynamic: None, command: None });
        }
        if let StmtKind::Prepare { name, statement } = &stmt.kind {
            prepared.push((name.value.clone(), (**statement).clone()));
        }
        events.push(Event { stmt, origin: Origin::Top, top, guards: Guards::default(), dynamic: None, command: None });
        events.extend(inner);
    }
    events
}

/// The statement that another one runs as it stands: `explain analyze`, `copy (…) to`, `execute` of what was prepared.
fn run_by(stmt: &Stmt, prepared: &[(String, Stmt)]) -> Option<Stmt> {
    match &stmt.kind {
        StmtKind::Explain(Some(run)) => Some(run_by(run, prepared).unwrap_or_else(|| (**run).clone())),
        StmtKind::Copy(copy) => copy.query.as_deref().cloned(),
        StmtKind::Execute(name) => {
            prepared.iter().rev().find(|(known, _)| *known == name.value).map(|(_, run)| run.clone())
        }
        _ => None,
    }
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
            command: None,
        });
    }

    fn block(&mut self, block: &Block) {
        for variable in &block.variables {
            if let Some(default) = &variable.default {
                self.set(&variable.name, default);
            }
        }
        let outer = self.guards.handlers.clone();
        let depth = self.guards.conditions.len();
        let own: Vec<Handler> = block
            .handlers
            .iter()
            .map(|handler| Handler {
                span: handler.span,
                conditions: handler.conditions.iter().map(|condition| condition.value.clone()).collect(),
                swallows: !raises(&handler.statements),
            })
            .collect();
        self.guards.handlers.splice(0..0, own.iter().cloned());
        self.body(&block.statements);
        self.guards.handlers = outer;
        if own.is_empty() {
            return;
        }
        let returned = self.guards.conditions.split_off(depth);
        let tried = tried(&block.statements);
        for (handler, guard) in block.handlers.iter().zip(own) {
            // What a handler does runs only after something failed.
            self.guards.rescues.push(Rescue { handler: guard, tried: tried.clone() });
            self.body(&handler.statements);
            self.guards.rescues.pop();
            self.guards.conditions.truncate(depth);
        }
        self.guards.conditions.extend(returned);
    }

    fn body(&mut self, statements: &[BodyStmt]) {
        for statement in statements {
            match statement {
                BodyStmt::Sql { stmt, into } => {
                    self.push(stmt, self.origin);
                    self.found(stmt, into);
                }
                BodyStmt::If { branches, otherwise } => self.branches(branches, otherwise),
                BodyStmt::Loop { over, execute, statements } => {
                    if let Some(execute) = execute {
                        self.execute(execute);
                    }
                    let (outer, depth, conditions) =
                        (self.guards.in_loop, self.guards.loops.len(), self.guards.conditions.len());
                    self.guards.in_loop = true;
                    self.guards.loops.extend(over.iter().cloned().map(Arc::new));
                    self.body(statements);
                    self.guards.in_loop = outer;
                    self.guards.loops.truncate(depth);
                    self.guards.conditions.truncate(conditions);
                }
                BodyStmt::Block(block) => self.block(block),
                BodyStmt::Execute(execute) => self.execute(execute),
                BodyStmt::Assign { target, value } => self.set(target, value),
                BodyStmt::Return { .. } | BodyStmt::Raise { .. } | BodyStmt::Null(_) | BodyStmt::Other { .. } => {}
            }
        }
    }

    /// The branches of an `if`, and what follows from their returning.
    fn branches(&mut self, branches: &[Branch], otherwise: &[BodyStmt]) {
        let depth = self.guards.conditions.len();
        let mut passed: Vec<Condition> = Vec::with_capacity(branches.len());
        for branch in branches {
            let taken =
                Condition { expr: Arc::new(branch.condition.clone()), holds: true, values: self.values.clone() };
            self.guards.conditions.extend(passed.iter().cloned());
            self.guards.conditions.push(taken.clone());
            self.body(&branch.statements);
            self.guards.conditions.truncate(depth);
            passed.push(Condition { holds: false, ..taken });
        }
        self.guards.conditions.extend(passed.iter().cloned());
        self.body(otherwise);
        self.guards.conditions.truncate(depth);
        let returning = branches.iter().take_while(|branch| returns(&branch.statements)).count();
        if let ([_], true, 0, [only]) = (branches, returns(otherwise), returning, passed.as_slice()) {
            self.guards.conditions.push(Condition { holds: true, ..only.clone() });
        }
        self.guards.conditions.extend(passed.into_iter().take(returning));
    }

    /// What a change of rows leaves in `found`.
    fn changed(&mut self, span: Span, table: &Name, filter: Option<&Expr>) {
        let from = vec![FromItem { span: table.span, kind: FromKind::Relation(table.clone()), alias: None }];
        let select = Select {
            distinct: false,
            targets: Vec::new(),
            into: None,
            from,
            filter: filter.cloned(),
            group_by: Vec::new(),
            having: None,
        };
        let body = QueryBody::Select(Box::new(select));
        let query = Query { span, ctes: Vec::new(), body, order_by: Vec::new(), limit: Vec::new(), locking: false };
        self.values.retain(|(name, _)| name != "found");
        self.values.push(("found".to_owned(), Arc::new(Expr { span, kind: ExprKind::Exists(Box::new(query)) })));
    }

    /// What a query leaves in variables: those of its `into`, and `found`.
    fn found(&mut self, stmt: &Stmt, into: &[Ident]) {
        match &stmt.kind {
            StmtKind::Select(query) => {
                let value = Expr { span: stmt.span, kind: ExprKind::Subquery(query.clone()) };
                for variable in into {
                    self.set(variable, &value);
                }
                self.values.retain(|(name, _)| name != "found");
                let found = Expr { span: stmt.span, kind: ExprKind::Exists(query.clone()) };
                self.values.push(("found".to_owned(), Arc::new(found)));
            }
            // As good as a query for the rows that were changed.
            StmtKind::Update(update) => self.changed(stmt.span, &update.table, update.filter.as_ref()),
            StmtKind::Delete(delete) => self.changed(stmt.span, &delete.table, delete.filter.as_ref()),
            StmtKind::Insert(_) | StmtKind::Merge(_) => self.values.retain(|(name, _)| name != "found"),
            _ => {}
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
                let first = self.events.len();
                for stmt in statements {
                    self.push(stmt, origin);
                }
                for event in &mut self.events[first..] {
                    event.command = Some(execute.command.span);
                }
            }
            None => self.events.push(Event {
                stmt: Stmt { span: execute.span, kind: StmtKind::Invalid },
                origin,
                top: self.top,
                guards: self.guards.clone(),
                dynamic: Some(Arc::new(execute.clone())),
                command: Some(execute.command.span),
            }),
        }
    }
}

/// The values and queries of a block's own statements.
fn tried(statements: &[BodyStmt]) -> Vec<Arc<Expr>> {
    let mut found = Vec::new();
    for statement in statements {
        match statement {
            BodyStmt::Sql { stmt, .. } => {
                if let StmtKind::Select(query) = &stmt.kind {
                    found.push(Arc::new(Expr { span: stmt.span, kind: ExprKind::Subquery(query.clone()) }));
                }
            }
            BodyStmt::Assign { value, .. } => found.push(Arc::new(value.clone())),
            _ => {}
        }
    }
    found
}

/// Whether statements always end in `return`.
fn returns(statements: &[BodyStmt]) -> bool {
    match statements.last() {
        Some(BodyStmt::Return { .. }) => true,
        Some(BodyStmt::Block(block)) => block.handlers.is_empty() && returns(&block.statements),
        Some(BodyStmt::If { branches, otherwise }) => {
            branches.iter().all(|branch| returns(&branch.statements)) && returns(otherwise)
        }
        _ => false,
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
