//! Triggers.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use crate::sql::ast::{CreateTrigger, StmtKind, TriggerTiming};

impl Lower<'_> {
    /// `create trigger`.
    pub(super) fn create_trigger(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let timing = if node.holds(SyntaxKind::TIMING_AFTER) {
            TriggerTiming::After
        } else if node.holds(SyntaxKind::TIMING_BEFORE) {
            TriggerTiming::Before
        } else {
            TriggerTiming::InsteadOf
        };
        let events = node.child(SyntaxKind::TRIGGER_EVENT_LIST);
        let events = events.iter().flat_map(SyntaxNode::children);
        let condition = node.child(SyntaxKind::WHEN_CONDITION);
        Some(StmtKind::CreateTrigger(Box::new(CreateTrigger {
            or_replace: node.holds(SyntaxKind::OR_REPLACE),
            constraint: node.has(SyntaxKind::CONSTRAINT_KW),
            name: self.ident(&node.child(SyntaxKind::TRIGGER)?)?,
            table: self.name(&node.child(SyntaxKind::ON_RELATION)?)?,
            timing,
            events: events.filter_map(|event| Some(event.tokens().next()?.text().to_lowercase())).collect(),
            for_each_row: node.holds(SyntaxKind::FOR_EACH_ROW),
            when: condition.and_then(|condition| self.first_expr(&condition)),
            function: self.name(&node.child(SyntaxKind::CALL_EXPR)?)?,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    #[test]
    fn a_trigger_keeps_when_it_fires_and_what_it_calls() {
        let sql = "create or replace trigger t after insert or update of a, b on s.t for each row \
                   when (new.a is null) execute function s.f('x');";
        let StmtKind::CreateTrigger(made) = parse(sql).statements.remove(0).kind else { panic!() };
        assert_eq!((made.timing, made.for_each_row, made.or_replace), (TriggerTiming::After, true, true));
        assert_eq!(made.events, ["insert", "update"]);
        assert_eq!((made.table.span.of(sql), made.function.span.of(sql)), ("s.t", "s.f"));
        assert_eq!(made.when.unwrap().span.of(sql), "new.a is null");
    }
}
