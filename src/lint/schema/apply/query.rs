//! The columns of a query.

use super::Cx;
use super::figure::figure;
use super::name::{cut, object, value};
use crate::lint::schema::{Column, QName, Schema};
use crate::sql::ast::{
    Expr, ExprKind, FromItem, FromKind, Ident, Name, Query, QueryBody, Returns, Select, StmtKind, TypeName,
};

/// A column that comes out: its name, and its type where it is plainly a table's.
pub(super) type Out = (String, Option<TypeName>);

/// How deep views and queries are looked into.
const MAX_DEPTH: usize = 64;

/// A relation in `from`.
struct Source {
    alias: String,
    columns: Option<Vec<Out>>,
}

/// The common table expressions in sight, the nearest last.
type Ctes = Vec<(String, Option<Vec<Out>>)>;

impl Schema {
    /// The columns of a query; `None` where they are not all known.
    pub(super) fn query_columns(&self, cx: &Cx<'_>, query: &Query) -> Option<Vec<Out>> {
        self.columns_of_query(cx, query, &mut Vec::new(), 0)
    }

    fn columns_of_query(&self, cx: &Cx<'_>, query: &Query, ctes: &mut Ctes, depth: usize) -> Option<Vec<Out>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let outer = ctes.len();
        for cte in &query.ctes {
            let columns = self.columns_of_cte(cx, &cte.statement.kind, ctes, depth);
            let columns = renamed(cx, cte.name.span.end, columns);
            ctes.push((value(&cte.name), columns));
        }
        let columns = match &query.body {
            QueryBody::Select(select) => self.columns_of_select(cx, select, ctes, depth),
            QueryBody::Values(rows) => {
                rows.first().map(|row| (1..=row.len()).map(|at| (format!("column{at}"), None)).collect())
            }
            QueryBody::Set { left, .. } => self.columns_of_query(cx, left, ctes, depth + 1),
        };
        ctes.truncate(outer);
        columns
    }

    fn columns_of_cte(&self, cx: &Cx<'_>, kind: &StmtKind, ctes: &mut Ctes, depth: usize) -> Option<Vec<Out>> {
        let (table, alias, returning) = match kind {
            StmtKind::Select(query) => return self.columns_of_query(cx, query, ctes, depth + 1),
            StmtKind::Insert(insert) => (&insert.table, &insert.alias, &insert.returning),
            StmtKind::Update(update) => (&update.table, &update.alias, &update.returning),
            StmtKind::Delete(delete) => (&delete.table, &delete.alias, &delete.returning),
            _ => return None,
        };
        let alias = alias.as_ref().map_or_else(|| object(table), value);
        let sources = [Source { alias, columns: self.relation_columns(&self.resolve(table)) }];
        let mut found = Vec::new();
        for target in returning {
            columns_of_target(cx, &target.expr, target.alias.as_ref().map(value), &sources, &mut found)?;
        }
        Some(found)
    }

    fn columns_of_select(&self, cx: &Cx<'_>, select: &Select, ctes: &mut Ctes, depth: usize) -> Option<Vec<Out>> {
        let mut sources = Vec::new();
        for item in &select.from {
            self.sources(cx, item, ctes, depth, &mut sources);
        }
        let mut found = Vec::new();
        for target in &select.targets {
            columns_of_target(cx, &target.expr, target.alias.as_ref().map(value), &sources, &mut found)?;
        }
        Some(found)
    }

    fn sources(&self, cx: &Cx<'_>, item: &FromItem, ctes: &mut Ctes, depth: usize, found: &mut Vec<Source>) {
        let alias = item.alias.as_ref().map(value);
        let (name, columns) = match &item.kind {
            FromKind::Relation(name) => {
                let own = ctes.iter().rev().find(|cte| name.schema().is_none() && cte.0 == cut(name.object()));
                let columns = match own {
                    Some(cte) => cte.1.clone(),
                    None => self.relation_columns(&self.resolve(name)),
                };
                (object(name), columns)
            }
            FromKind::Query(query) => (String::new(), self.columns_of_query(cx, query, ctes, depth + 1)),
            FromKind::Function(call) => {
                let alias = alias.clone();
                let ExprKind::Call { name, .. } = &call.kind else {
                    found.push(Source { alias: alias.unwrap_or_default(), columns: None });
                    return;
                };
                (object(name), self.columns_of_function(name, alias))
            }
            FromKind::Join { left, right, on } => {
                let before = found.len();
                self.sources(cx, left, ctes, depth, found);
                let middle = found.len();
                self.sources(cx, right, ctes, depth, found);
                if on.is_none() {
                    merge_using(cx, item, right, found, before, middle);
                }
                return;
            }
            FromKind::Other => (String::new(), None),
        };
        let columns = match &item.alias {
            Some(alias) => renamed(cx, alias.span.end, columns),
            None => columns,
        };
        found.push(Source { alias: alias.unwrap_or(name), columns });
    }

    /// The columns of a table or view.
    pub(super) fn relation_columns(&self, name: &QName) -> Option<Vec<Out>> {
        if let Some(table) = self.tables.get(name) {
            let out = |column: &Column| (column.name.clone(), column.type_name.clone());
            return table.complete.then(|| table.columns.iter().map(out).collect());
        }
        let columns = self.views.get(name)?.columns.as_ref()?;
        Some(columns.iter().map(|name| (name.clone(), None)).collect())
    }

    fn columns_of_function(&self, name: &Name, alias: Option<String>) -> Option<Vec<Out>> {
        match self.functions(name) {
            [] => {
                // One of PostgreSQL's that give one column.
                let single = matches!(
                    object(name).as_str(),
                    "unnest" | "generate_series" | "regexp_split_to_table" | "string_to_table" | "generate_subscripts"
                );
                single.then(|| vec![(alias.unwrap_or_else(|| object(name)), None)])
            }
            [function] => match function.definition.as_ref()?.returns.as_ref()? {
                Returns::Table(columns) => {
                    Some(columns.iter().map(|(name, of)| (value(name), Some(of.clone()))).collect())
                }
                Returns::Type(of) => {
                    let row = self.resolve_parts(of.schema.as_deref(), &of.name);
                    match self.relation_columns(&row) {
                        Some(columns) => Some(columns),
                        None if self.has_relation(&row) || of.name == "record" => None,
                        None => Some(vec![(alias.unwrap_or_else(|| object(name)), Some(of.clone()))]),
                    }
                }
            },
            _ => None,
        }
    }
}

/// Columns with the names that stand in parentheses at a place: `name (a, b)`.
fn renamed(cx: &Cx<'_>, at: usize, columns: Option<Vec<Out>>) -> Option<Vec<Out>> {
    let behind = cx.text.get(at..).unwrap_or_default().trim_start();
    let Some(list) = behind.strip_prefix('(').and_then(|rest| rest.split_once(')')) else { return columns };
    let names = list.0.split(',').map(|name| {
        // An alias with types (`as t(a integer)`) has the name first.
        let name = name.trim();
        match name.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or_default().to_owned(),
            None => name.split_whitespace().next().unwrap_or_default().to_ascii_lowercase(),
        }
    });
    let mut columns = columns.unwrap_or_default();
    for (at, name) in names.enumerate() {
        match columns.get_mut(at) {
            Some(column) => column.0 = name,
            None => columns.push((name, None)),
        }
    }
    Some(columns)
}

/// Adds the columns of one entry of a select list; `None` where they are not known.
fn columns_of_target(
    cx: &Cx<'_>,
    expr: &Expr,
    alias: Option<String>,
    sources: &[Source],
    found: &mut Vec<Out>,
) -> Option<()> {
    match &expr.kind {
        ExprKind::Star(parts) => {
            let of = parts.last().map(value);
            let mut any = false;
            for source in sources.iter().filter(|source| of.as_ref().is_none_or(|of| source.alias == *of)) {
                found.extend(source.columns.as_ref()?.iter().cloned());
                any = true;
            }
            any.then_some(())
        }
        kind => {
            let type_name = match kind {
                ExprKind::Column(parts) => type_of(parts, sources),
                ExprKind::Cast { to, .. } => Some(to.clone()),
                _ => None,
            };
            found.push((alias.or_else(|| figure(expr, cx).selected())?, type_name));
            Some(())
        }
    }
}

/// The type of a column by its parts.
fn type_of(parts: &[Ident], sources: &[Source]) -> Option<TypeName> {
    let (last, before) = parts.split_last()?;
    let (qualifier, column) = (before.last().map(|part| cut(&part.value)), cut(&last.value));
    let mut found = sources
        .iter()
        .filter(|source| qualifier.is_none_or(|it| it == source.alias))
        .filter_map(|source| source.columns.as_ref()?.iter().find(|it| it.0 == column));
    let first = found.next()?;
    found.next().is_none().then(|| first.1.clone()).flatten()
}

/// `join … using (a)`: what is joined by comes first and once.
fn merge_using(cx: &Cx<'_>, join: &FromItem, right: &FromItem, found: &mut [Source], before: usize, middle: usize) {
    let behind = cx.text.get(right.span.end..join.span.end).unwrap_or_default().trim_start();
    let using = behind.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("using"));
    let list = behind.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    let natural = cx.text.get(join.span.start..right.span.start).unwrap_or_default().to_ascii_lowercase();
    if let Some((list, _)) = list.filter(|_| using) {
        let names: Vec<String> = list.split(',').map(|it| it.trim().trim_matches('"').to_owned()).collect();
        // Only `*` over all shows the order: the names move to the front of the left side, and the right loses them.
        let mut merged = Vec::new();
        for name in &names {
            let column = found[before..].iter().filter_map(|source| source.columns.as_ref()).flatten();
            merged.push(column.into_iter().find(|it| it.0 == *name).cloned().unwrap_or((name.clone(), None)));
        }
        for source in &mut found[before..] {
            if let Some(columns) = &mut source.columns {
                columns.retain(|it| !names.contains(&it.0));
            }
        }
        if let Some(columns) = found[before..].first_mut().and_then(|source| source.columns.as_mut()) {
            columns.splice(0..0, merged);
        }
    } else if natural.trim_end().trim_end_matches("join").contains("natural") {
        for source in &mut found[middle..] {
            source.columns = None;
        }
    }
}
