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
