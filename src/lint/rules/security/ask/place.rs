//! Where things stand: the statement behind a place, and where a statement could be added.

use crate::lint::schema::Place;
use crate::lint::{Event, LintFile, Origin};
use crate::sql::ast::StmtKind;
use crate::text::Span;

/// The innermost statement that runs at this place.
pub fn event_at(files: &[LintFile], place: Place) -> Option<(&LintFile, &Event)> {
    let file = files.get(place.file?)?;
    let top = file.statements.partition_point(|span| span.start <= place.span.start).checked_sub(1)?;
    let first = file.events.partition_point(|event| event.top < top);
    let event = file.events[first..]
        .iter()
        .take_while(|event| event.top == top)
        .filter(|event| event.origin != Origin::Routine && covers(event.stmt.span, place.span))
        .min_by_key(|event| event.stmt.span.end - event.stmt.span.start)?;
    Some((file, event))
}

/// Whether one span lies within another.
pub fn covers(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Where a statement can be added behind the one at this place: after its semicolon, if it stands by itself in the file.
pub fn after(files: &[LintFile], place: Place) -> Option<usize> {
    let (file, event) = event_at(files, place)?;
    if event.origin != Origin::Top || matches!(event.stmt.kind, StmtKind::Do { .. }) {
        return None;
    }
    let end = event.stmt.span.end;
    let rest = file.text().get(end..)?;
    let blank = rest.len() - rest.trim_start().len();
    rest[blank..].starts_with(';').then_some(end + blank + 1)
}
