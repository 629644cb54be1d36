//! Every expression and query of a statement, wherever it may have one.

use crate::sql::ast::{
    AlterColumn, Column, ColumnConstraintKind, ConstraintKind, Expr, Query, RoutineBody, Stmt, StmtKind,
    TableActionKind, TableConstraint, Visitor,
};

/// Shows every expression of a statement, those of definitions too, and every query.
///
/// Statements inside bodies are left out: they are events of their own. What stands between them (conditions, assignments) is not.
pub(super) fn visit(stmt: &Stmt, visitor: &mut dyn Visitor) {
    match &stmt.kind {
        StmtKind::Do { body: Some(block), .. } => block.walk(&mut Between { visitor }),
        StmtKind::CreateRoutine(routine) => {
            routine.parameters.iter().filter_map(|it| it.default.as_ref()).for_each(|expr| expr.walk(visitor));
            if let Some(RoutineBody::Block(block)) = &routine.body {
                block.walk(&mut Between { visitor });
            }
        }
        StmtKind::CreateTable(table) => {
            table.columns.iter().for_each(|it| column(it, visitor));
            table.constraints.iter().for_each(|it| constraint(it, visitor));
        }
        StmtKind::AlterTable(alter) => {
            for action in &alter.actions {
                match &action.kind {
                    TableActionKind::AddColumn { column: added, .. } => column(added, visitor),
                    TableActionKind::AddConstraint(added) => constraint(added, visitor),
                    TableActionKind::AlterColumn {
                        change:
                            AlterColumn::Type { using: Some(expr), .. }
                            | AlterColumn::SetDefault(expr)
                            | AlterColumn::SetExpression(expr),
                        ..
                    } => expr.walk(visitor),
                    _ => {}
                }
            }
        }
        StmtKind::CreateIndex(index) => {
            index.elements.iter().map(|it| &it.expr).chain(&index.filter).for_each(|expr| expr.walk(visitor));
        }
        StmtKind::CreatePolicy(policy) => policy.using.iter().chain(&policy.check).for_each(|expr| expr.walk(visitor)),
        StmtKind::AlterPolicy(policy) => policy.using.iter().chain(&policy.check).for_each(|expr| expr.walk(visitor)),
        StmtKind::CreateDomain(domain) => {
            domain.default.iter().chain(&domain.checks).for_each(|expr| expr.walk(visitor));
        }
        StmtKind::CreateTrigger(trigger) => trigger.when.iter().for_each(|expr| expr.walk(visitor)),
        _ => stmt.walk(visitor),
    }
}

fn column(column: &Column, visitor: &mut dyn Visitor) {
    for constraint in &column.constraints {
        match &constraint.kind {
            ColumnConstraintKind::Default(expr)
            | ColumnConstraintKind::Generated { expr, .. }
            | ColumnConstraintKind::Check { expr, .. } => expr.walk(visitor),
            _ => {}
        }
    }
}

fn constraint(constraint: &TableConstraint, visitor: &mut dyn Visitor) {
    match &constraint.kind {
        ConstraintKind::Check { expr, .. } => expr.walk(visitor),
        ConstraintKind::Exclude { elements } => elements.iter().for_each(|expr| expr.walk(visitor)),
        _ => {}
    }
}

/// What stands between the statements of a body.
struct Between<'a> {
    visitor: &'a mut dyn Visitor,
}

impl Visitor for Between<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        self.visitor.expr(expr)
    }

    fn query(&mut self, query: &Query) -> bool {
        self.visitor.query(query)
    }

    fn stmt(&mut self, _: &Stmt) -> bool {
        false
    }
}

/// Calls back for every expression of a statement.
pub(super) fn each(stmt: &Stmt, look: impl FnMut(&Expr)) {
    struct Each<F>(F);
    impl<F: FnMut(&Expr)> Visitor for Each<F> {
        fn expr(&mut self, expr: &Expr) -> bool {
            (self.0)(expr);
            true
        }
    }
    visit(stmt, &mut Each(look));
}

/// Calls back for every query of a statement.
pub(super) fn each_query(stmt: &Stmt, look: impl FnMut(&Query)) {
    struct Each<F>(F);
    impl<F: FnMut(&Query)> Visitor for Each<F> {
        fn query(&mut self, query: &Query) -> bool {
            (self.0)(query);
            true
        }
    }
    visit(stmt, &mut Each(look));
}
