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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    fn dropped(sql: &str) -> (ObjectKind, String, &str) {
        let StmtKind::Drop(drop) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        let names: Vec<_> = drop.names.iter().map(ToString::to_string).collect();
        (drop.kind, names.join(" "), drop.written.of(sql))
    }

    #[test]
    fn what_is_dropped_is_named_or_at_least_quoted() {
        let seen = |kind, names: &str, written| (kind, names.to_owned(), written);
        assert_eq!(dropped("drop table if exists a, s.b cascade;"), seen(ObjectKind::Table, "a s.b", "a, s.b"));
        assert_eq!(dropped("drop user r;"), seen(ObjectKind::Role, "r", "r"));
        let class = dropped("drop operator class c using btree restrict;");
        assert_eq!(class, seen(ObjectKind::OperatorClass, "c", "c using btree"));
        assert_eq!(dropped("drop cast (a as b);"), seen(ObjectKind::Cast, "", "(a as b)"));
        let mapping = dropped("drop user mapping if exists for x server y;");
        assert_eq!(mapping, seen(ObjectKind::UserMapping, "", "for x server y"));
    }

    #[test]
    fn routines_come_with_their_arguments_and_policies_with_their_table() {
        let sql = "drop function if exists f(int, out text), s.g; drop policy p on s.t cascade;";
        let statements = parse(sql).statements;
        let StmtKind::Drop(functions) = &statements[0].kind else { panic!() };
        let counts: Vec<_> = functions.routines.iter().map(|routine| routine.args.as_ref().map(Vec::len)).collect();
        assert_eq!((counts, functions.if_exists, functions.names.len()), (vec![Some(1), None], true, 2));
        let StmtKind::Drop(policy) = &statements[1].kind else { panic!() };
        assert_eq!(policy.on.as_ref().unwrap().span.of(sql), "s.t");
        assert_eq!((policy.names[0].object(), policy.cascade), ("p", true));
    }
}
