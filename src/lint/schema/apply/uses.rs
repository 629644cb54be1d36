//! Which columns of which relations a query needs.

use std::collections::BTreeSet;

use super::name::{cut, object, value};
use crate::lint::schema::{QName, Schema};
use crate::sql::ast::{Expr, ExprKind, FromItem, FromKind, Ident, Name, Query, QueryBody, Returns, StmtKind, Visitor};

/// A walk through a query.
struct Uses<'a> {
    schema: &'a Schema,
    /// The names of common table expressions in sight.
    ctes: Vec<String>,
    /// What `from` reads, by alias, of each query around; `None` for what is no relation.
    scopes: Vec<Vec<(String, Option<QName>)>>,
    found: BTreeSet<(QName, String)>,
}

impl Schema {
    /// The columns of relations that a query needs: those that it names, and all where it says `*`.
    pub(super) fn uses(&self, query: &Query) -> BTreeSet<(QName, String)> {
        let mut walk = Uses { schema: self, ctes: Vec::new(), scopes: Vec::new(), found: BTreeSet::new() };
        walk.enter(query);
        walk.found
    }
}

impl Visitor for Uses<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Column(parts) => self.column(parts),
            ExprKind::Star(parts) => self.star(parts.last().map(|part| cut(&part.value))),
            _ => {}
        }
        true
    }

    fn query(&mut self, query: &Query) -> bool {
        self.enter(query);
        false
    }
}

impl Uses<'_> {
    fn enter(&mut self, query: &Query) {
        let outer = self.ctes.len();
        for cte in &query.ctes {
            self.ctes.push(value(&cte.name));
            if let StmtKind::Select(query) = &cte.statement.kind {
                self.enter(query);
            }
        }
        let mut scope = Vec::new();
        if let QueryBody::Select(select) = &query.body {
            select.from.iter().for_each(|item| self.see(item, &mut scope));
        }
        self.scopes.push(scope);
        match &query.body {
            QueryBody::Select(select) => {
                select.targets.iter().for_each(|target| target.expr.walk(self));
                select.from.iter().for_each(|item| self.item(item));
                let conditions = select.filter.iter().chain(&select.group_by).chain(&select.having);
                conditions.for_each(|expr| expr.walk(self));
            }
            QueryBody::Values(rows) => rows.iter().flatten().for_each(|expr| expr.walk(self)),
            QueryBody::Set { left, right, .. } => {
                self.enter(left);
                self.enter(right);
            }
        }
        query.order_by.iter().chain(&query.limit).for_each(|expr| expr.walk(self));
        self.scopes.pop();
        self.ctes.truncate(outer);
    }

    fn see(&self, item: &FromItem, scope: &mut Vec<(String, Option<QName>)>) {
        let alias = item.alias.as_ref().map(value);
        let seen = match &item.kind {
            FromKind::Relation(name) => {
                let own = name.schema().is_none() && self.ctes.iter().any(|cte| cte == cut(name.object()));
                (alias.unwrap_or_else(|| object(name)), (!own).then(|| self.schema.resolve(name)))
            }
            FromKind::Function(call) => {
                let ExprKind::Call { name, .. } = &call.kind else { return };
                (alias.unwrap_or_else(|| object(name)), self.rows_of(name))
            }
            FromKind::Join { left, right, .. } => {
                self.see(left, scope);
                self.see(right, scope);
                return;
            }
            FromKind::Query(_) | FromKind::Other => (alias.unwrap_or_default(), None),
        };
        scope.push(seen);
    }

    /// The relation whose rows a function gives.
    fn rows_of(&self, function: &Name) -> Option<QName> {
        let [only] = self.schema.functions(function) else { return None };
        match only.definition.as_ref()?.returns.as_ref()? {
            Returns::Type(of) => Some(self.schema.resolve_parts(of.schema.as_deref(), &of.name)),
            Returns::Table(_) => None,
        }
    }

    fn item(&mut self, item: &FromItem) {
        match &item.kind {
            FromKind::Query(query) => self.enter(query),
            FromKind::Function(call) => call.walk(self),
            FromKind::Join { left, right, on } => {
                self.item(left);
                self.item(right);
                if let Some(on) = on {
                    on.walk(self);
                }
            }
            FromKind::Relation(_) | FromKind::Other => {}
        }
    }

    fn column(&mut self, parts: &[Ident]) {
        let Some((last, before)) = parts.split_last() else { return };
        let column = value(last);
        let nearest = self.scopes.iter().rev();
        if let Some(qualifier) = before.last() {
            let alias = cut(&qualifier.value);
            let seen = nearest.flatten().find(|(seen, _)| seen == alias);
            if let Some((_, Some(relation))) = seen {
                self.found.insert((relation.clone(), column));
            }
            return;
        }
        let has = |relation: &&QName| {
            let columns = self.schema.relation_columns(relation);
            columns.is_some_and(|columns| columns.iter().any(|it| it.0 == column))
        };
        for scope in nearest {
            let mut having = scope.iter().filter_map(|(_, relation)| relation.as_ref()).filter(has).peekable();
            if having.peek().is_some() {
                let found: Vec<QName> = having.cloned().collect();
                self.found.extend(found.into_iter().map(|relation| (relation, column.clone())));
                return;
            }
        }
    }

    fn star(&mut self, alias: Option<&str>) {
        let Some(scope) = self.scopes.last() else { return };
        let meant = scope.iter().filter(|(seen, _)| alias.is_none_or(|alias| alias == seen));
        for relation in meant.filter_map(|(_, relation)| relation.as_ref()) {
            let columns = self.schema.relation_columns(relation).unwrap_or_default();
            self.found.extend(columns.into_iter().map(|(column, _)| (relation.clone(), column)));
        }
    }
}
