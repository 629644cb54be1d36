//! Views and materialized views.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use super::table::{attributes, persistence};
use crate::sql::ast::{CreateView, Persistence, StmtKind};

impl Lower<'_> {
    /// `create view`.
    pub(super) fn create_view(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        self.view_of(node, false)
    }

    /// `create materialized view`.
    pub(super) fn create_materialized_view(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        self.view_of(node, true)
    }

    fn view_of(&mut self, node: &SyntaxNode, materialized: bool) -> Option<StmtKind> {
        let name = self.name(&node.child(SyntaxKind::VIEW)?)?;
        let columns = node.child(SyntaxKind::COLUMN_LIST);
        let options = node.child(SyntaxKind::WITH_PARAMS);
        Some(StmtKind::CreateView(Box::new(CreateView {
            materialized,
            or_replace: node.holds(SyntaxKind::OR_REPLACE),
            if_not_exists: node.holds(SyntaxKind::IF_NOT_EXISTS),
            temporary: persistence(node, &name) == Persistence::Temporary,
            recursive: node.has(SyntaxKind::RECURSIVE_KW),
            name,
            columns: columns.map_or_else(Vec::new, |list| self.column_names(&list)),
            options: options.as_ref().map_or_else(Vec::new, attributes),
            options_span: options.map(|options| self.span(&options)),
            query: self.query_in(node)?,
            as_span: self.token_span(&node.token(SyntaxKind::AS_KW)?),
            no_data: node.holds(SyntaxKind::WITH_NO_DATA),
        })))
    }

    /// `refresh materialized view`.
    pub(super) fn refresh(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        Some(StmtKind::RefreshView {
            name: self.name(&node.child(SyntaxKind::VIEW_REF)?)?,
            concurrently: node.has(SyntaxKind::CONCURRENTLY_KW),
            no_data: node.holds(SyntaxKind::WITH_NO_DATA),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    #[test]
    fn a_view_keeps_its_options_and_where_they_belong() {
        let sql = "create or replace temp view v (a, \"B\") with (security_invoker = 'On', security_barrier) as select 1, 2 \
                   with local check option";
        let StmtKind::CreateView(view) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        assert!(view.or_replace && view.temporary && !view.materialized && !view.recursive);
        assert_eq!(view.columns.iter().map(|column| column.value.as_str()).collect::<Vec<_>>(), ["a", "B"]);
        assert_eq!(view.options, ["security_invoker=on", "security_barrier"]);
        assert_eq!(view.options_span.unwrap().of(sql), "with (security_invoker = 'On', security_barrier)");
        assert_eq!((view.as_span.of(sql), view.query.span.of(sql)), ("as", "select 1, 2"));
    }

    #[test]
    fn materialized_views_are_made_and_refreshed() {
        let sql = "create materialized view if not exists s.m as table x with no data; refresh materialized view concurrently s.m;";
        let mut statements = parse(sql).statements;
        let refresh = statements.remove(1).kind;
        let StmtKind::CreateView(view) = statements.remove(0).kind else { panic!("{sql}") };
        assert!(view.materialized && view.if_not_exists && view.no_data);
        let StmtKind::RefreshView { name, concurrently: true, no_data: false } = refresh else { panic!("{refresh:?}") };
        assert_eq!((name.span.of(sql), view.name.span.of(sql)), ("s.m", "s.m"));
    }
}
