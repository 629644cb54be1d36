//! Changing names within expressions and queries when what they mean is renamed.

use crate::sql::ast::{Expr, ExprKind, FromItem, FromKind, Ident, Name, Query, QueryBody, StmtKind};

/// Something that changes the names in a tree.
pub(super) trait Rewrite {
    /// A column's parts; `sources` are the relations in sight with their aliases, the nearest query last.
    fn column(&mut self, _parts: &mut Vec<Ident>, _sources: &[Vec<Seen>]) {}
    /// A relation that is read.
    fn relation(&mut self, _name: &mut Name) {}
    /// A function that is called.
    fn function(&mut self, _name: &mut Name) {}
    /// A relation's name as the reader sees it, for `sources`.
    fn see(&self, _name: &Name) -> Option<crate::lint::schema::QName> {
        None
    }
}

/// A relation in `from`.
pub(super) struct Seen {
    /// What it is called there.
    pub(super) alias: String,
    /// What it is.
    pub(super) relation: Option<crate::lint::schema::QName>,
}

/// Rewrites an expression that stands by itself.
pub(super) fn rewrite(expr: &mut Expr, by: &mut dyn Rewrite) {
    walk(expr, by, &mut Vec::new());
}

/// Rewrites a query that stands by itself.
pub(super) fn rewrite_query(query: &mut Query, by: &mut dyn Rewrite) {
    walk_query(query, by, &mut Vec::new());
}

fn walk(expr: &mut Expr, by: &mut dyn Rewrite, sources: &mut Vec<Vec<Seen>>) {
    match &mut expr.kind {
        ExprKind::Literal(_) | ExprKind::Parameter | ExprKind::Star(_) => {}
        ExprKind::Column(parts) => by.column(parts, sources),
        ExprKind::Call { name, args, .. } => {
            by.function(name);
            for arg in args {
                walk(arg, by, sources);
            }
        }
        ExprKind::Row(list) | ExprKind::Array(list) | ExprKind::Other(list) | ExprKind::Between { operands: list } => {
            for expr in list {
                walk(expr, by, sources);
            }
        }
        ExprKind::Cast { expr, .. } | ExprKind::Unary { expr, .. } | ExprKind::Is { expr, .. } => {
            walk(expr, by, sources);
        }
        ExprKind::Binary { left, right, .. } => {
            walk(left, by, sources);
            walk(right, by, sources);
        }
        ExprKind::In { expr, list, query, .. } => {
            walk(expr, by, sources);
            for expr in list {
                walk(expr, by, sources);
            }
            if let Some(query) = query {
                walk_query(query, by, sources);
            }
        }
        ExprKind::Subquery(query) | ExprKind::Exists(query) => walk_query(query, by, sources),
    }
}

fn walk_query(query: &mut Query, by: &mut dyn Rewrite, sources: &mut Vec<Vec<Seen>>) {
    for cte in &mut query.ctes {
        if let StmtKind::Select(query) = &mut cte.statement.kind {
            walk_query(query, by, sources);
        }
    }
    let own: Vec<String> = query.ctes.iter().map(|cte| cte.name.value.clone()).collect();
    let mut seen = Vec::new();
    if let QueryBody::Select(select) = &query.body {
        select.from.iter().for_each(|item| see(item, by, &own, &mut seen));
    }
    sources.push(seen);
    match &mut query.body {
        QueryBody::Select(select) => {
            select.targets.iter_mut().for_each(|target| walk(&mut target.expr, by, sources));
            select.from.iter_mut().for_each(|item| walk_item(item, by, &own, sources));
            let conditions = select.filter.iter_mut().chain(&mut select.group_by).chain(&mut select.having);
            conditions.for_each(|expr| walk(expr, by, sources));
        }
        QueryBody::Values(rows) => rows.iter_mut().flatten().for_each(|expr| walk(expr, by, sources)),
        QueryBody::Set { left, right, .. } => {
            walk_query(left, by, sources);
            walk_query(right, by, sources);
        }
    }
    query.order_by.iter_mut().chain(&mut query.limit).for_each(|expr| walk(expr, by, sources));
    sources.pop();
}

fn is_own(name: &Name, own: &[String]) -> bool {
    name.schema().is_none() && own.iter().any(|own| own == name.object())
}

fn see(item: &FromItem, by: &dyn Rewrite, own: &[String], seen: &mut Vec<Seen>) {
    let alias = item.alias.as_ref().map(|alias| alias.value.clone());
    match &item.kind {
        FromKind::Relation(name) => seen.push(Seen {
            alias: alias.unwrap_or_else(|| name.object().to_owned()),
            relation: if is_own(name, own) { None } else { by.see(name) },
        }),
        FromKind::Join { left, right, .. } => {
            see(left, by, own, seen);
            see(right, by, own, seen);
        }
        FromKind::Query(_) | FromKind::Function(_) | FromKind::Other => {
            seen.extend(alias.map(|alias| Seen { alias, relation: None }));
        }
    }
}

fn walk_item(item: &mut FromItem, by: &mut dyn Rewrite, own: &[String], sources: &mut Vec<Vec<Seen>>) {
    match &mut item.kind {
        FromKind::Relation(name) => {
            if !is_own(name, own) {
                by.relation(name);
            }
        }
        FromKind::Query(query) => walk_query(query, by, sources),
        FromKind::Function(call) => walk(call, by, sources),
        FromKind::Join { left, right, on } => {
            walk_item(left, by, own, sources);
            walk_item(right, by, own, sources);
            if let Some(on) = on {
                walk(on, by, sources);
            }
        }
        FromKind::Other => {}
    }
}

/// Gives a table's own columns in an expression another qualifier: `a.x` becomes `b.x`.
pub(super) fn requalify(expr: &mut Expr, from: &str, to: &str) {
    struct Requalify<'a>(&'a str, &'a str);
    impl Rewrite for Requalify<'_> {
        fn column(&mut self, parts: &mut Vec<Ident>, sources: &[Vec<Seen>]) {
            let hidden = sources.iter().flatten().any(|seen| seen.alias == self.0);
            if let [.., qualifier, _] = parts.as_mut_slice()
                && qualifier.value == self.0
                && !hidden
            {
                self.1.clone_into(&mut qualifier.value);
            }
        }
    }
    rewrite(expr, &mut Requalify(from, to));
}
