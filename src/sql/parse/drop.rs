//! `drop` of every kind.

use squawk_syntax::{SyntaxElement, SyntaxKind, SyntaxNode};

use super::kind::object_kind;
use super::node::{Lower, Node, is_trivia};
use crate::sql::ast::{Drop, Name, ObjectKind, RoutineRef, StmtKind};
use crate::text::Span;

impl Lower<'_> {
    /// `drop` of an object.
    pub(super) fn drop_stmt(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let kind = object_kind(node.kind())?;
        let routines = self.routine_refs(node);
        let names = match kind {
            ObjectKind::Cast | ObjectKind::Operator | ObjectKind::Transform | ObjectKind::UserMapping => Vec::new(),
            _ if routines.is_empty() => self.dropped(node),
            _ => routines.iter().map(|routine| routine.name.clone()).collect(),
        };
        Some(StmtKind::Drop(Box::new(Drop {
            kind,
            concurrently: node.has(SyntaxKind::CONCURRENTLY_KW),
            if_exists: node.holds(SyntaxKind::IF_EXISTS),
            names,
            routines,
            on: self.owner_table(node),
            cascade: node.holds(SyntaxKind::CASCADE),
            written: self.dropped_span(node)?,
        })))
    }

    /// The table that a policy, trigger or rule belongs to.
    pub(super) fn owner_table(&self, node: &SyntaxNode) -> Option<Name> {
        let on = node.child(SyntaxKind::ON_TABLE).or_else(|| node.child(SyntaxKind::ON_RELATION))?;
        self.name(&on)
    }

    fn routine_refs(&mut self, node: &SyntaxNode) -> Vec<RoutineRef> {
        let list = node.children().find(|child| {
            matches!(
                child.kind(),
                SyntaxKind::FUNCTION_SIG_LIST | SyntaxKind::PROCEDURE_SIG_LIST | SyntaxKind::ROUTINE_SIG_LIST
            )
        });
        let list = list.as_ref().unwrap_or(node);
        list.children().filter_map(|routine| self.routine_ref(&routine)).collect()
    }

    fn dropped(&self, node: &SyntaxNode) -> Vec<Name> {
        node.children().filter(|child| !is_clause(child.kind())).filter_map(|child| self.name(&child)).collect()
    }

    fn dropped_span(&self, node: &SyntaxNode) -> Option<Span> {
        let mut parts = node.children_with_tokens().filter(|part| match part {
            SyntaxElement::Token(token) => token.kind() == SyntaxKind::FOR_KW,
            SyntaxElement::Node(child) => {
                !matches!(child.kind(), SyntaxKind::IF_EXISTS | SyntaxKind::CASCADE | SyntaxKind::RESTRICT)
            }
        });
        let first = parts.next()?;
        let last = parts.last().unwrap_or_else(|| first.clone());
        Some(self.element_span(&first, &last))
    }

    /// From the beginning of one part to the end of another.
    pub(super) fn element_span(&self, first: &SyntaxElement, last: &SyntaxElement) -> Span {
        let bounds = |part: &SyntaxElement| match part {
            SyntaxElement::Node(node) => node.bounds(),
            SyntaxElement::Token(token) => (token.text_range().start().into(), token.text_range().end().into()),
        };
        self.place.span(bounds(first).0, bounds(last).1)
    }
}

/// What stands in a `drop` beside the names.
fn is_clause(kind: SyntaxKind) -> bool {
    is_trivia(kind)
        || matches!(
            kind,
            SyntaxKind::IF_EXISTS
                | SyntaxKind::CASCADE
                | SyntaxKind::RESTRICT
                | SyntaxKind::ON_TABLE
                | SyntaxKind::ON_RELATION
                | SyntaxKind::USING_METHOD
                | SyntaxKind::DROP_DATABASE_FORCE_CLAUSE
                | SyntaxKind::ERROR
        )
}
