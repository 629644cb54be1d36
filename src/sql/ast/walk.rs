//! Walking expressions and queries.

use super::{
    Block, BodyStmt, Execute, Expr, ExprKind, FromItem, FromKind, InsertSource, Name, Query, QueryBody, Stmt, StmtKind,
    Target,
};

/// Something that looks at every part of a tree. Each method says whether to go deeper; all do nothing by default.
pub trait Visitor {
    /// An expression, before its children.
    fn expr(&mut self, _expr: &Expr) -> bool {
        true
    }

    /// A query, before its parts.
    fn query(&mut self, _query: &Query) -> bool {
        true
    }

    /// A relation that a query reads, or that a statement inside it writes.
    fn relation(&mut self, _name: &Name) {}

    /// A statement inside a body or a `with`.
    fn stmt(&mut self, _stmt: &Stmt) -> bool {
        true
    }
}

impl Expr {
    /// Walks this expression and all within it, queries too.
    pub fn walk(&self, visitor: &mut dyn Visitor) {
        if !visitor.expr(self) {
            return;
        }
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Star(_) | ExprKind::Parameter => {}
            ExprKind::Call { args: list, .. }
            | ExprKind::Row(list)
            | ExprKind::Array(list)
            | ExprKind::Other(list)
            | ExprKind::Between { operands: list } => list.iter().for_each(|expr| expr.walk(visitor)),
            ExprKind::Cast { expr, .. } | ExprKind::Unary { expr, .. } | ExprKind::Is { expr, .. } => {
                expr.walk(visitor);
            }
            ExprKind::Binary { left, right, .. } => {
                left.walk(visitor);
                right.walk(visitor);
            }
            ExprKind::In { expr, list, query, .. } => {
                expr.walk(visitor);
                for expr in list {
                    expr.walk(visitor);
                }
                if let Some(query) = query {
                    query.walk(visitor);
                }
            }
            ExprKind::Subquery(query) | ExprKind::Exists(query) => query.walk(visitor),
        }
    }

    /// This expression and all within it, queries too, in the order they are written.
    pub fn all(&self) -> Vec<&Self> {
        // A visitor cannot hand out borrows of what it visits; the queries are walked by hand.
        let mut found = Vec::new();
        collect(self, &mut found);
        found
    }
}

fn collect<'a>(expr: &'a Expr, found: &mut Vec<&'a Expr>) {
    found.push(expr);
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Star(_) | ExprKind::Parameter => {}
        ExprKind::Call { args: list, .. }
        | ExprKind::Row(list)
        | ExprKind::Array(list)
        | ExprKind::Other(list)
        | ExprKind::Between { operands: list } => list.iter().for_each(|expr| collect(expr, found)),
        ExprKind::Cast { expr, .. } | ExprKind::Unary { expr, .. } | ExprKind::Is { expr, .. } => collect(expr, found),
        ExprKind::Binary { left, right, .. } => {
            collect(left, found);
            collect(right, found);
        }
        ExprKind::In { expr, list, query, .. } => {
            collect(expr, found);
            for expr in list {
                collect(expr, found);
            }
            if let Some(query) = query {
                collect_query(query, found);
            }
        }
        ExprKind::Subquery(query) | ExprKind::Exists(query) => collect_query(query, found),
    }
}

fn collect_query<'a>(query: &'a Query, found: &mut Vec<&'a Expr>) {
    found.extend(query.exprs());
}

impl Query {
    /// Walks the query and all within it.
    pub fn walk(&self, visitor: &mut dyn Visitor) {
        if !visitor.query(self) {
            return;
        }
        for cte in &self.ctes {
            cte.statement.walk(visitor);
        }
        match &self.body {
            QueryBody::Select(select) => {
                targets(&select.targets, visitor);
                from(&select.from, visitor);
                for expr in select.filter.iter().chain(&select.group_by).chain(&select.having) {
                    expr.walk(visitor);
                }
            }
            QueryBody::Values(rows) => rows.iter().flatten().for_each(|expr| expr.walk(visitor)),
            QueryBody::Set { left, right, .. } => {
                left.walk(visitor);
                right.walk(visitor);
            }
        }
        for expr in self.order_by.iter().chain(&self.limit) {
            expr.walk(visitor);
        }
    }

    /// Every expression in the query, at any depth, but for those of statements in `with` that write.
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut found = Vec::new();
        for cte in &self.ctes {
            if let StmtKind::Select(query) = &cte.statement.kind {
                found.extend(query.exprs());
            }
        }
        match &self.body {
            QueryBody::Select(select) => {
                select.targets.iter().for_each(|target| collect(&target.expr, &mut found));
                select.from.iter().for_each(|item| collect_from(item, &mut found));
                for expr in select.filter.iter().chain(&select.group_by).chain(&select.having) {
                    collect(expr, &mut found);
                }
            }
            QueryBody::Values(rows) => rows.iter().flatten().for_each(|expr| collect(expr, &mut found)),
            QueryBody::Set { left, right, .. } => {
                found.extend(left.exprs());
                found.extend(right.exprs());
            }
        }
        for expr in self.order_by.iter().chain(&self.limit) {
            collect(expr, &mut found);
        }
        found
    }

    /// The relations it reads, at any depth, without the names of its own common table expressions.
    pub fn relations(&self) -> Vec<Name> {
        struct Relations {
            found: Vec<Name>,
            own: Vec<String>,
        }
        impl Visitor for Relations {
            fn query(&mut self, query: &Query) -> bool {
                self.own.extend(query.ctes.iter().map(|cte| cte.name.value.clone()));
                true
            }

            fn relation(&mut self, name: &Name) {
                if name.schema().is_some() || !self.own.iter().any(|own| own == name.object()) {
                    self.found.push(name.clone());
                }
            }
        }
        let mut relations = Relations { found: Vec::new(), own: Vec::new() };
        self.walk(&mut relations);
        relations.found
    }
}

fn collect_from<'a>(item: &'a FromItem, found: &mut Vec<&'a Expr>) {
    match &item.kind {
        FromKind::Relation(_) | FromKind::Other => {}
        FromKind::Query(query) => found.extend(query.exprs()),
        FromKind::Function(call) => collect(call, found),
        FromKind::Join { left, right, on } => {
            collect_from(left, found);
            collect_from(right, found);
            if let Some(on) = on {
                collect(on, found);
            }
        }
    }
}

fn targets(targets: &[Target], visitor: &mut dyn Visitor) {
    for target in targets {
        target.expr.walk(visitor);
    }
}

fn from(items: &[FromItem], visitor: &mut dyn Visitor) {
    for item in items {
        match &item.kind {
            FromKind::Relation(name) => visitor.relation(name),
            FromKind::Query(query) => query.walk(visitor),
            FromKind::Function(call) => call.walk(visitor),
            FromKind::Join { left, right, on } => {
                from(std::slice::from_ref(left), visitor);
                from(std::slice::from_ref(right), visitor);
                if let Some(on) = on {
                    on.walk(visitor);
                }
            }
            FromKind::Other => {}
        }
    }
}

impl Stmt {
    /// Walks the queries and expressions of a statement that reads or writes rows, and of bodies.
    ///
    /// Definitions (`create policy`, `create table` …) are not entered: their rules ask for what they need.
    pub fn walk(&self, visitor: &mut dyn Visitor) {
        if !visitor.stmt(self) {
            return;
        }
        match &self.kind {
            StmtKind::Select(query) => query.walk(visitor),
            StmtKind::Insert(insert) => {
                insert.ctes.iter().for_each(|cte| cte.statement.walk(visitor));
                visitor.relation(&insert.table);
                if let InsertSource::Query(query) = &insert.source {
                    query.walk(visitor);
                }
                let update = insert.conflict.iter().filter_map(|conflict| conflict.update.as_ref()).flatten();
                update.filter_map(|assignment| assignment.value.as_ref()).for_each(|value| value.walk(visitor));
                targets(&insert.returning, visitor);
            }
            StmtKind::Update(update) => {
                update.ctes.iter().for_each(|cte| cte.statement.walk(visitor));
                visitor.relation(&update.table);
                update
                    .set
                    .iter()
                    .filter_map(|assignment| assignment.value.as_ref())
                    .for_each(|value| value.walk(visitor));
                from(&update.from, visitor);
                update.filter.iter().for_each(|filter| filter.walk(visitor));
                targets(&update.returning, visitor);
            }
            StmtKind::Delete(delete) => {
                delete.ctes.iter().for_each(|cte| cte.statement.walk(visitor));
                visitor.relation(&delete.table);
                from(&delete.using, visitor);
                delete.filter.iter().for_each(|filter| filter.walk(visitor));
                targets(&delete.returning, visitor);
            }
            StmtKind::Merge(merge) => {
                merge.ctes.iter().for_each(|cte| cte.statement.walk(visitor));
                visitor.relation(&merge.table);
                merge.using.iter().for_each(|item| from(std::slice::from_ref(item), visitor));
                merge.exprs.iter().for_each(|expr| expr.walk(visitor));
            }
            StmtKind::CreateTableAs(create) => create.query.iter().for_each(|query| query.walk(visitor)),
            StmtKind::CreateView(view) => view.query.walk(visitor),
            StmtKind::Call(call) => call.walk(visitor),
            StmtKind::Explain(Some(statement)) => statement.walk(visitor),
            StmtKind::Copy(copy) => copy.query.iter().for_each(|statement| statement.walk(visitor)),
            StmtKind::Do { body: Some(block), .. } => block.walk(visitor),
            _ => {}
        }
    }
}

impl Block {
    /// Walks every statement and expression of the block.
    pub fn walk(&self, visitor: &mut dyn Visitor) {
        self.variables.iter().filter_map(|variable| variable.default.as_ref()).for_each(|expr| expr.walk(visitor));
        body(&self.statements, visitor);
        self.handlers.iter().for_each(|handler| body(&handler.statements, visitor));
    }
}

fn execute(execute: &Execute, visitor: &mut dyn Visitor) {
    execute.command.walk(visitor);
    execute.using.iter().for_each(|expr| expr.walk(visitor));
    execute.statements.iter().flatten().for_each(|stmt| stmt.walk(visitor));
}

fn body(statements: &[BodyStmt], visitor: &mut dyn Visitor) {
    for statement in statements {
        match statement {
            BodyStmt::Sql { stmt, .. } => stmt.walk(visitor),
            BodyStmt::If { branches, otherwise } => {
                for branch in branches {
                    branch.condition.walk(visitor);
                    body(&branch.statements, visitor);
                }
                body(otherwise, visitor);
            }
            BodyStmt::Loop { over, execute: dynamic, statements } => {
                for expr in over {
                    expr.walk(visitor);
                }
                if let Some(dynamic) = dynamic {
                    execute(dynamic, visitor);
                }
                body(statements, visitor);
            }
            BodyStmt::Block(block) => block.walk(visitor),
            BodyStmt::Execute(dynamic) => execute(dynamic, visitor),
            BodyStmt::Assign { value, .. } => value.walk(visitor),
            BodyStmt::Return { value, .. } => value.iter().for_each(|expr| expr.walk(visitor)),
            BodyStmt::Raise { args: exprs, .. } | BodyStmt::Other { exprs, .. } => {
                for expr in exprs {
                    expr.walk(visitor);
                }
            }
            BodyStmt::Null(_) => {}
        }
    }
}
