//! Fixes that make a statement run outside a transaction: where it stands when it is alone, else in a migration of its own.

use crate::lint::{Edit, Event, EventCx, Fix, Origin, fix};
use crate::sql::ast::{ObjectKind, StmtKind, TransactionStmt};
use crate::text::Span;

/// Whether a statement keeps company with one that runs by itself: settings, transaction control and other index commands.
fn is_harmless(kind: &StmtKind) -> bool {
    match kind {
        StmtKind::Set(_) | StmtKind::Transaction(_) | StmtKind::CreateIndex(_) | StmtKind::Reindex { .. } => true,
        StmtKind::Drop(drop) => drop.kind == ObjectKind::Index,
        _ => false,
    }
}

/// Whether the file holds nothing else that would lose its transaction.
pub(super) fn is_alone(cx: &EventCx<'_>) -> bool {
    let others =
        cx.file.events.iter().enumerate().filter(|(index, event)| *index != cx.index && event.origin == Origin::Top);
    others.into_iter().all(|(_, event)| is_harmless(&event.stmt.kind))
}

/// The edits that take the file's own `begin` and `commit` away, or `None` where it does more than that.
fn without_wrapper(cx: &EventCx<'_>) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for event in cx.file.events.iter().filter(|event| event.origin == Origin::Top) {
        match &event.stmt.kind {
            StmtKind::Transaction(TransactionStmt::Begin | TransactionStmt::Commit) => {
                edits.push(Edit::delete(whole(cx.file.text(), event.stmt.span)));
            }
            StmtKind::Transaction(_) => return None,
            _ => {}
        }
    }
    Some(edits)
}

/// The statement with its semicolon and the end of its line.
pub(super) fn whole(text: &str, span: Span) -> Span {
    let rest = text.get(span.end..).unwrap_or_default();
    let Some(after) = rest.trim_start().strip_prefix(';') else { return span };
    let line = after.trim_start_matches([' ', '\t', '\r']);
    let after = line.strip_prefix('\n').unwrap_or(after);
    Span::new(span.start, text.len() - after.len())
}

/// Makes the edits inside the statement; where the file holds more than it can lose its transaction for, the statement moves
/// into a migration of its own, which needs a look: what follows may count on it.
pub(super) fn edited(cx: &EventCx<'_>, title: &str, edits: Vec<Edit>, slug: &str) -> Option<Fix> {
    if cx.event.origin != Origin::Top {
        return None;
    }
    if is_alone(cx) {
        let mut all = without_wrapper(cx)?;
        all.extend(edits);
        return Some(Fix::safe(title, all));
    }
    let span = cx.stmt().span;
    let moved = edits.into_iter().map(|edit| Edit {
        span: Span::new(edit.span.start - span.start, edit.span.end - span.start),
        text: edit.text,
    });
    let sql = fix::apply(cx.text(span), &[&Fix::safe("", moved.collect())]).text;
    let delete = vec![Edit::delete(whole(cx.file.text(), span))];
    Some(Fix::unchecked(format!("{title}, in a migration of its own"), delete).adding(slug, format!("{sql};\n")))
}

/// Replaces the statement by one that runs by itself, and adds what must come after it as a later migration.
pub(super) fn replaced(cx: &EventCx<'_>, title: &str, first: (&str, &str), then: (&str, &str)) -> Option<Fix> {
    // Who writes `begin` and `commit` has counted on both being done or neither.
    let is_control = |event: &Event| matches!(event.stmt.kind, StmtKind::Transaction(_));
    if cx.event.origin != Origin::Top || cx.file.events.iter().any(is_control) {
        return None;
    }
    let span = cx.stmt().span;
    if is_alone(cx) {
        let all = vec![Edit::replace(span, first.1)];
        return Some(Fix::safe(title, all).adding(then.0, format!("{};\n", then.1)));
    }
    let delete = vec![Edit::delete(whole(cx.file.text(), span))];
    let fix = Fix::unchecked(format!("{title}, in migrations of their own"), delete);
    Some(fix.adding(first.0, format!("{};\n", first.1)).adding(then.0, format!("{};\n", then.1)))
}
