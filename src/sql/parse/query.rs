//! Queries: select, values, table and what is put together from them.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node, is_trivia, last_token};
use crate::sql::ast::{
    Cte, Expr, ExprKind, FromItem, FromKind, Ident, Name, Query, QueryBody, Select, SetOperation, Stmt, Target,
};
use crate::text::Span;

/// Whether a node is a query.
pub(super) fn is_query(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(kind, K::SELECT | K::SELECT_INTO | K::VALUES | K::TABLE | K::COMPOUND_SELECT | K::PAREN_SELECT)
}

impl Lower<'_> {
    /// A query; parentheses around it are taken off.
    pub(super) fn query(&mut self, node: &SyntaxNode) -> Option<Query> {
        if self.depth >= super::DEEPEST {
            return None;
        }
        self.depth += 1;
        let query = self.query_at(node);
        self.depth -= 1;
        query
    }

    fn query_at(&mut self, node: &SyntaxNode) -> Option<Query> {
        use SyntaxKind as K;
        let body = match node.kind() {
            K::SELECT | K::SELECT_INTO | K::PLPGSQL_EXPR => QueryBody::Select(Box::new(self.select_body(node))),
            K::VALUES => {
                let rows = node.child(K::ROW_LIST);
                let rows = rows.iter().flat_map(|list| list.every(K::ROW).collect::<Vec<_>>());
                QueryBody::Values(rows.map(|row| self.exprs_in(&row)).collect())
            }
            K::TABLE => QueryBody::Select(Box::new(self.whole_table(node)?)),
            K::COMPOUND_SELECT => {
                let mut operands = node.children().filter(|child| is_operand(child.kind()));
                let (left, right) = (operands.next()?, operands.next());
                let (left, right) = (self.query(&left), right.and_then(|right| self.query(&right)));
                // Where one side is damaged or too deep, the other one is kept.
                let (left, right) = match (left, right) {
                    (Some(left), Some(right)) => (left, right),
                    (one, other) => return one.or(other),
                };
                let op = if node.holds(K::UNION) {
                    SetOperation::Union
                } else if node.holds(K::INTERSECT) {
                    SetOperation::Intersect
                } else {
                    SetOperation::Except
                };
                QueryBody::Set { op, left: Box::new(left), right: Box::new(right) }
            }
            K::PAREN_SELECT | K::PAREN_EXPR => {
                let inner = node.children().find(|child| is_operand(child.kind()))?;
                let mut query = self.query(&inner)?;
                let mut ctes = self.ctes(node);
                ctes.append(&mut query.ctes);
                query.ctes = ctes;
                if self.tail(node, &mut query) || node.holds(K::WITH_CLAUSE) {
                    query.span = self.span_of_statement(node);
                }
                return Some(query);
            }
            _ => return None,
        };
        let mut query = Query {
            span: self.span_of_statement(node),
            ctes: self.ctes(node),
            body,
            order_by: Vec::new(),
            limit: Vec::new(),
            locking: false,
        };
        self.tail(node, &mut query);
        Some(query)
    }

    /// Where a statement stands without the semicolon that its node may hold.
    pub(super) fn span_of_statement(&self, node: &SyntaxNode) -> Span {
        let (start, end) = node.bounds();
        let last = last_token(node, |kind| kind != SyntaxKind::SEMICOLON && !is_trivia(kind));
        self.place.span(start, last.map_or(end, |token| token.text_range().end().into()))
    }

    /// The queries of `with`.
    pub(super) fn ctes(&mut self, node: &SyntaxNode) -> Vec<Cte> {
        let Some(clause) = node.child(SyntaxKind::WITH_CLAUSE) else { return Vec::new() };
        let mut ctes = Vec::new();
        for table in clause.every(SyntaxKind::WITH_TABLE) {
            let name = table.child(SyntaxKind::CTE_NAME).and_then(|name| self.ident(&name));
            let query = table.children().find(|child| is_query(child.kind()) || writes(child.kind()));
            if let (Some(name), Some(query)) = (name, query) {
                let statement: Box<Stmt> = Box::new(self.stmt(&query));
                ctes.push(Cte { name, statement });
            }
        }
        ctes
    }

    /// `order by`, `limit` and the like; whether there is any.
    fn tail(&mut self, node: &SyntaxNode, query: &mut Query) -> bool {
        use SyntaxKind as K;
        let mut any = false;
        for child in node.children() {
            match child.kind() {
                K::ORDER_BY_CLAUSE => self.collect_loose(&child, &mut query.order_by),
                K::LIMIT_CLAUSE | K::OFFSET_CLAUSE | K::FETCH_CLAUSE => self.collect_loose(&child, &mut query.limit),
                K::LOCKING_CLAUSE => query.locking = true,
                _ => continue,
            }
            any = true;
        }
        any
    }

    fn select_body(&mut self, node: &SyntaxNode) -> Select {
        use SyntaxKind as K;
        let clause = node.child(K::SELECT_CLAUSE);
        let holder = clause.as_ref().unwrap_or(node);
        if clause.is_none() && node.kind() != K::PLPGSQL_EXPR {
            self.refuse(node, node.tokens().next().as_ref());
        } else if let Some(distinct) = holder.child(K::DISTINCT_CLAUSE).filter(|_| !holder.holds(K::TARGET_LIST)) {
            self.refuse_behind(&distinct);
        }
        let into = node.child(K::INTO_CLAUSE);
        Select {
            distinct: holder.holds(K::DISTINCT_CLAUSE),
            targets: self.targets(holder),
            into: into.and_then(|into| self.name(&into.child(K::TABLE_NAME)?)),
            from: node.child(K::FROM_CLAUSE).map(|from| self.sources(&from)).unwrap_or_default(),
            filter: self.filter(node),
            group_by: node.child(K::GROUP_BY_CLAUSE).map(|by| self.loose_exprs(&by)).unwrap_or_default(),
            having: node.child(K::HAVING_CLAUSE).and_then(|having| self.first_expr(&having)),
        }
    }

    /// `table t` reads like `select * from t`.
    fn whole_table(&mut self, node: &SyntaxNode) -> Option<Select> {
        let relation = node.child(SyntaxKind::RELATION_NAME)?;
        let span = self.span(&relation);
        let name: Name = self.name(&relation)?;
        Some(Select {
            distinct: false,
            targets: vec![Target { expr: Expr { span, kind: ExprKind::Star(Vec::new()) }, alias: None }],
            into: None,
            from: vec![FromItem { span, kind: FromKind::Relation(name), alias: None }],
            filter: None,
            group_by: Vec::new(),
            having: None,
        })
    }

    /// `where` of a node.
    pub(super) fn filter(&mut self, node: &SyntaxNode) -> Option<Expr> {
        self.first_expr(&node.child(SyntaxKind::WHERE_CLAUSE)?)
    }

    /// The select list that a node holds.
    pub(super) fn targets(&mut self, holder: &SyntaxNode) -> Vec<Target> {
        let Some(list) = holder.child(SyntaxKind::TARGET_LIST) else { return Vec::new() };
        let mut targets = Vec::new();
        for target in list.every(SyntaxKind::TARGET) {
            let expr = match target.token(SyntaxKind::STAR) {
                Some(star) => Some(Expr { span: self.token_span(&star), kind: ExprKind::Star(Vec::new()) }),
                None => self.first_expr(&target),
            };
            let named = target.child(SyntaxKind::AS_NAME).and_then(|named| named.child(SyntaxKind::COLUMN_NAME));
            let alias = named.and_then(|name| self.ident(&name));
            targets.extend(expr.map(|expr| Target { expr, alias }));
        }
        targets
    }

    /// The items of `from` or `using`.
    pub(super) fn sources(&mut self, clause: &SyntaxNode) -> Vec<FromItem> {
        clause.children().filter_map(|item| self.source(&item)).collect()
    }

    /// One item of `from`; `None` for a node that is none.
    pub(super) fn source(&mut self, node: &SyntaxNode) -> Option<FromItem> {
        use SyntaxKind as K;
        let kind = match node.kind() {
            K::RELATION_FROM_ITEM => FromKind::Relation(self.name(&node.child(K::RELATION_NAME_REF)?)?),
            K::FUNCTION_FROM_ITEM | K::EXPR_FROM_ITEM => {
                self.first_expr(node).map_or(FromKind::Other, FromKind::Function)
            }
            K::ROWS_FROM_ITEM => {
                let mut calls = self.loose_exprs(node);
                let span = self.span(node);
                FromKind::Function(match calls.pop() {
                    Some(call) if calls.is_empty() => call,
                    last => {
                        calls.extend(last);
                        Expr { span, kind: ExprKind::Row(calls) }
                    }
                })
            }
            K::XML_TABLE_FROM_ITEM | K::JSON_TABLE_FROM_ITEM | K::GRAPH_TABLE_FROM_ITEM => {
                let args = self.loose_exprs(node);
                let span = self.span(node);
                match node.tokens().find(|token| token.kind() != K::LATERAL_KW) {
                    Some(token) => {
                        let part = self.ident_token(&token);
                        let name = Name { span: part.span, parts: vec![part] };
                        FromKind::Function(Expr {
                            span,
                            kind: ExprKind::Call { name, args, star: false, window: false },
                        })
                    }
                    None => FromKind::Other,
                }
            }
            K::PAREN_FROM_ITEM | K::PAREN_EXPR => return Some(self.source_in_parens(node)),
            K::JOIN_EXPR => return self.join(node),
            _ => return None,
        };
        Some(FromItem { span: self.span(node), kind, alias: self.alias(node) })
    }

    /// `as name` of a table, of `from` or of a statement that writes.
    pub(super) fn alias(&mut self, node: &SyntaxNode) -> Option<Ident> {
        use SyntaxKind as K;
        let is_alias = |kind| matches!(kind, K::FROM_ALIAS | K::OPTIONAL_AS_ALIAS | K::REQUIRED_AS_ALIAS);
        let alias = node.children().find(|child| is_alias(child.kind()))?;
        let name = alias.child(K::TABLE_ALIAS).and_then(|name| self.ident(&name));
        if name.is_none() && alias.children().next().is_none() {
            self.refuse_behind(&alias);
        }
        name
    }

    /// A query or a join in parentheses.
    fn source_in_parens(&mut self, node: &SyntaxNode) -> FromItem {
        let alias = self.alias(node);
        let span = self.span(node);
        for child in node.children() {
            if is_query(child.kind()) {
                let kind = self.query(&child).map_or(FromKind::Other, |query| FromKind::Query(Box::new(query)));
                return FromItem { span, kind, alias };
            }
            if let Some(mut inner) = self.source(&child) {
                if alias.is_some() {
                    (inner.alias, inner.span) = (alias, span);
                }
                return inner;
            }
        }
        FromItem { span, kind: FromKind::Other, alias }
    }

    fn join(&mut self, node: &SyntaxNode) -> Option<FromItem> {
        if self.depth >= super::DEEPEST {
            return None;
        }
        self.depth += 1;
        let left = node.children().next().and_then(|left| self.source(&left));
        let join = node.child(SyntaxKind::JOIN);
        let right = join.as_ref().and_then(|join| join.children().find_map(|item| self.source(&item)));
        let on = join.as_ref().and_then(|join| join.child(SyntaxKind::ON_CLAUSE));
        if on.is_none() && join.as_ref().is_some_and(needs_condition) {
            self.refuse_behind(node);
        }
        let on = on.and_then(|on| self.first_expr(&on));
        self.depth -= 1;
        let (left, right) = match (left, right) {
            (Some(left), Some(right)) => (Box::new(left), Box::new(right)),
            (one, other) => return one.or(other),
        };
        Some(FromItem { span: self.span(node), kind: FromKind::Join { left, right, on }, alias: None })
    }
}

/// What can stand in parentheses or beside `union`.
fn is_operand(kind: SyntaxKind) -> bool {
    is_query(kind) || kind == SyntaxKind::PAREN_EXPR
}

/// Whether a join without `on` lacks it.
fn needs_condition(join: &SyntaxNode) -> bool {
    use SyntaxKind as K;
    !(join.has(K::NATURAL_KW) || join.holds(K::JOIN_CROSS) || join.holds(K::JOIN_USING_CLAUSE))
}

fn writes(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(kind, K::INSERT | K::UPDATE | K::DELETE | K::MERGE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::StmtKind;
    use crate::sql::parse::parse;

    fn query(sql: &str) -> Query {
        let script = parse(sql);
        assert_eq!(script.errors, [], "{sql}");
        let StmtKind::Select(query) = script.statements.into_iter().next().unwrap().kind else { panic!("{sql}") };
        *query
    }

    fn relations(sql: &str) -> Vec<String> {
        query(sql).relations().into_iter().map(|name| name.object().to_owned()).collect()
    }

    #[test]
    fn a_select_keeps_its_clauses() {
        let sql = "with x as (insert into l values (1) returning *) select distinct a as \"B\", t.* from s.t x \
                   where b group by rollup (c, d) having e order by f desc limit 1 offset 2 for update;";
        let query = query(sql);
        assert_eq!(query.span.of(sql), sql.strip_suffix(';').unwrap());
        assert_eq!((query.ctes.len(), query.order_by.len(), query.limit.len(), query.locking), (1, 1, 2, true));
        assert!(matches!(query.ctes[0].statement.kind, StmtKind::Insert(_)));
        let QueryBody::Select(select) = query.body else { panic!("{sql}") };
        assert_eq!((select.distinct, select.group_by.len(), select.having.is_some()), (true, 2, true));
        assert_eq!(select.targets[0].alias.as_ref().map(|alias| alias.value.as_str()), Some("B"));
        assert_eq!(select.from[0].alias.as_ref().map(|alias| alias.value.as_str()), Some("x"));
        assert!(select.filter.is_some());
    }

    #[test]
    fn every_way_to_read_a_relation_is_seen() {
        assert_eq!(
            relations(
                "with x as (select * from a) select (select 1 from b) from x, only c, lateral (table d) q \
                 left join (e join f on true) on exists (select from g) natural join h \
                 where k in (select 1 from i union select 2 from j)"
            ),
            ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
        );
        assert_eq!(relations("(select 1 from a limit 1) except (values (1), ((select 2 from b)))"), ["a", "b"]);
    }

    #[test]
    fn functions_are_read_as_calls() {
        let QueryBody::Select(select) =
            query("select 1 from f(1) with ordinality g(a, b), rows from (h(), i()) as j").body
        else {
            panic!()
        };
        assert!(matches!(&select.from[0].kind, FromKind::Function(Expr { kind: ExprKind::Call { .. }, .. })));
        assert!(
            matches!(&select.from[1].kind, FromKind::Function(Expr { kind: ExprKind::Row(calls), .. }) if calls.len() == 2)
        );
    }

    #[test]
    fn select_into_makes_a_table() {
        let StmtKind::CreateTableAs(made) =
            parse("select a into temp t from b union select 1").statements.remove(0).kind
        else {
            panic!()
        };
        assert_eq!((made.name.object(), made.persistence), ("t", crate::sql::ast::Persistence::Temporary));
    }

    #[test]
    fn a_union_without_measure_keeps_its_end() {
        let query = query(&format!("select 1 from a{} union select 2 from z", " union select 1 from b".repeat(3000)));
        assert!(query.relations().iter().any(|name| name.object() == "z"));
    }
}
