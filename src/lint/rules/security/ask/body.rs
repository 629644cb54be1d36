//! What the body of a function does.

use std::collections::BTreeSet;

use crate::lint::schema::{Function, QName, Schema};
use crate::sql::ast::{
    Block, BodyStmt, CreateRoutine, Execute, Expr, ExprKind, Name, Query, RoutineBody, Stmt, StmtKind, TypeName,
    Visitor,
};

/// Walks everything a body does; false where the body is in a language that is not read.
pub fn walk(routine: &CreateRoutine, visitor: &mut dyn Visitor) -> bool {
    match &routine.body {
        Some(RoutineBody::Block(block)) => block.walk(visitor),
        Some(RoutineBody::Sql(statements)) => statements.iter().for_each(|stmt| stmt.walk(visitor)),
        Some(RoutineBody::Text(_)) | None => return false,
    }
    true
}

/// Whether a function can only be run by a trigger.
pub fn is_trigger(function: &Function) -> bool {
    matches!(function.returns.trim(), "trigger" | "event_trigger" | "pg_catalog.trigger" | "pg_catalog.event_trigger")
}

/// What a body reads, calls and asks.
#[derive(Default)]
pub struct Does {
    /// Relations it reads or writes, without the names of its common table expressions.
    pub relations: Vec<Name>,
    /// Functions it calls.
    pub calls: Vec<Name>,
    /// Whether it asks who is calling.
    pub asks_caller: bool,
    /// Whether it writes rows or defines objects.
    pub writes: bool,
    /// Types it casts to or declares.
    pub types: Vec<TypeName>,
    /// Operators that no core type has.
    pub foreign_operators: bool,
    /// Texts in it.
    pub texts: Vec<String>,
    /// Columns it names: their last parts.
    pub columns: Vec<String>,
    own: BTreeSet<String>,
}

impl Visitor for Does {
    fn expr(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Call { name, .. } => {
                self.calls.push(name.clone());
                self.asks_caller |= super::walk::is_caller(expr);
            }
            ExprKind::Cast { to, .. } => self.types.push(to.clone()),
            ExprKind::Binary { op, .. } => {
                self.foreign_operators |=
                    matches!(op.as_str(), "<=>" | "<#>" | "<+>" | "<~>" | "<%>" | "%>" | "<%" | "<<%" | "%>>" | "~~>");
            }
            ExprKind::Literal(_) => self.texts.extend(expr.as_string().map(str::to_owned)),
            ExprKind::Column(parts) => self.columns.extend(parts.last().map(|part| part.value.clone())),
            _ => {}
        }
        true
    }

    fn query(&mut self, query: &Query) -> bool {
        self.own.extend(query.ctes.iter().map(|cte| cte.name.value.clone()));
        true
    }

    fn relation(&mut self, name: &Name) {
        self.relations.push(name.clone());
    }

    fn stmt(&mut self, stmt: &Stmt) -> bool {
        let ctes = match &stmt.kind {
            StmtKind::Insert(insert) => Some(&insert.ctes),
            StmtKind::Update(update) => Some(&update.ctes),
            StmtKind::Delete(delete) => Some(&delete.ctes),
            _ => None,
        };
        self.own.extend(ctes.into_iter().flatten().map(|cte| cte.name.value.clone()));
        self.writes |= !matches!(stmt.kind, StmtKind::Select(_) | StmtKind::Set(_) | StmtKind::Invalid);
        true
    }
}

/// What a routine's body does; `None` where it is in a language that is not read.
pub fn does(routine: &CreateRoutine) -> Option<Does> {
    let mut does = Does::default();
    if !walk(routine, &mut does) {
        return None;
    }
    if let Some(RoutineBody::Block(block)) = &routine.body {
        declared(block, &mut does.types);
    }
    let own = std::mem::take(&mut does.own);
    does.relations.retain(|name| name.schema().is_some() || !own.contains(name.object()));
    Some(does)
}

fn declared(block: &Block, types: &mut Vec<TypeName>) {
    types.extend(block.variables.iter().filter_map(|variable| variable.type_name.clone()));
    for statement in statements(block) {
        if let BodyStmt::Block(inner) = statement {
            types.extend(inner.variables.iter().filter_map(|variable| variable.type_name.clone()));
        }
    }
}

/// Every statement of a block, those within others and in handlers too, in the order they are written.
pub fn statements(block: &Block) -> Vec<&BodyStmt> {
    let mut found = Vec::new();
    let lists = std::iter::once(&block.statements).chain(block.handlers.iter().map(|handler| &handler.statements));
    lists.for_each(|list| collect(list, &mut found));
    found
}

fn collect<'a>(list: &'a [BodyStmt], found: &mut Vec<&'a BodyStmt>) {
    for statement in list {
        found.push(statement);
        match statement {
            BodyStmt::If { branches, otherwise } => {
                for branch in branches {
                    collect(&branch.statements, found);
                }
                collect(otherwise, found);
            }
            BodyStmt::Loop { statements, .. } => collect(statements, found),
            BodyStmt::Block(block) => found.extend(statements(block)),
            _ => {}
        }
    }
}

/// The dynamic commands of a block.
pub fn executes(block: &Block) -> Vec<&Execute> {
    statements(block).into_iter().filter_map(dynamic).collect()
}

fn dynamic(statement: &BodyStmt) -> Option<&Execute> {
    match statement {
        BodyStmt::Execute(execute) => Some(execute),
        BodyStmt::Loop { execute, .. } => execute.as_deref(),
        _ => None,
    }
}

/// Whether a function, or one that it calls, asks who is calling.
pub fn asks_caller(schema: &Schema, routine: &CreateRoutine) -> bool {
    let mut seen = BTreeSet::new();
    asks(schema, routine, &mut seen)
}

fn asks(schema: &Schema, routine: &CreateRoutine, seen: &mut BTreeSet<QName>) -> bool {
    let Some(does) = does(routine) else {
        // Another language: its text is all there is.
        return matches!(&routine.body, Some(RoutineBody::Text(text)) if text.contains("auth.") || text.contains("request.jwt"));
    };
    if does.asks_caller {
        return true;
    }
    does.calls.iter().any(|call| {
        let name = schema.resolve(call);
        let Some(functions) = schema.functions.get(&name) else { return false };
        seen.insert(name)
            && functions
                .iter()
                .filter_map(|function| function.definition.as_deref())
                .any(|callee| asks(schema, callee, seen))
    })
}
