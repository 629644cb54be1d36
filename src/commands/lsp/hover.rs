//! What a rule is about, shown over what it has found.

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::client::Client;
use super::position::Lines;
use super::workspace::Seen;
use crate::lint::Finding;
use crate::report::{RulePage, rule_markdown};
use crate::text::Span;

/// The pages of the rules that have found something at a position.
pub fn hover(seen: &Seen<'_>, position: Position, client: Client) -> Option<Hover> {
    let lines = Lines::new(seen.file.text(), client.encoding);
    let at = lines.byte(position);
    let holds = |span: Span| span.start <= at && (at < span.end || span.start == span.end && at == span.start);
    let mut found: Vec<&Finding> = seen.findings.iter().copied().filter(|finding| holds(finding.place.span)).collect();
    let first = found.first()?;
    let range = lines.range(first.place.span);
    found.sort_by_key(|finding| finding.rule.id);
    found.dedup_by_key(|finding| finding.rule.id);
    let pages: Vec<String> = found.iter().map(|finding| rule_markdown(&RulePage::new(finding.rule))).collect();
    let kind = if client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let contents = HoverContents::Markup(MarkupContent { kind, value: pages.join("\n---\n\n") });
    Some(Hover { contents, range: Some(range) })
}
