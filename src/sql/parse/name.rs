//! Names: folded and unquoted as PostgreSQL does it, from whatever node holds them.

use squawk_syntax::ast::{AstNode, Literal};
use squawk_syntax::decoded_text::DecodedText;
use squawk_syntax::unescape::{escape_unicode_esc_str, uescape_char};
use squawk_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

use super::node::{Lower, Node, is_trivia};
use crate::sql::ast::{Ident, Name};

impl Lower<'_> {
    /// One part of a name; a key word is a name too.
    pub(super) fn ident_token(&self, token: &SyntaxToken) -> Ident {
        let text = token.text();
        let span = self.token_span(token);
        if let Some(inner) = within(text, "\"", "\"") {
            Ident { value: inner.replace("\"\"", "\""), quoted: true, span }
        } else if let Some(inner) = within(text, "U&\"", "\"").or_else(|| within(text, "u&\"", "\"")) {
            Ident { value: decode_unicode(&inner.replace("\"\"", "\""), escape_of(token)), quoted: true, span }
        } else if let Some(inner) = within(text, "'", "'") {
            // Some names may be written as a string: `language 'sql'`, and they are not folded.
            Ident { value: inner.replace("''", "'"), quoted: true, span }
        } else {
            Ident { value: text.to_ascii_lowercase(), quoted: false, span }
        }
    }

    /// The first name in a node that holds one; of a qualified name the first part.
    pub(super) fn ident(&self, node: &SyntaxNode) -> Option<Ident> {
        let mut tokens = node.tokens().filter(|token| is_word(token.kind()));
        let first = tokens.next()?;
        // `group` before a role's name is an old noise word.
        let group = node.kind() == SyntaxKind::ROLE_REF && first.kind() == SyntaxKind::GROUP_KW;
        let token = if group { tokens.next().unwrap_or(first) } else { first };
        Some(self.ident_token(&token))
    }

    /// The names in the children of a list: `(a, b)`.
    pub(super) fn idents_in(&self, list: &SyntaxNode) -> Vec<Ident> {
        list.children().filter_map(|child| self.ident(&child)).collect()
    }

    /// The qualified name that a node is or holds; of several the first.
    pub(super) fn name(&self, node: &SyntaxNode) -> Option<Name> {
        let holder = node.descendants().find(|node| {
            matches!(
                node.kind(),
                SyntaxKind::PATH | SyntaxKind::PATH_REF | SyntaxKind::FIELD_EXPR | SyntaxKind::NAME_REF
            )
        });
        let parts = match &holder {
            Some(holder) => {
                let mut parts = Vec::with_capacity(2);
                if !self.collect_parts(holder, &mut parts) {
                    return None;
                }
                parts
            }
            None => vec![self.ident(node)?],
        };
        let (first, last) = (parts.first()?, parts.last()?);
        let span = crate::text::Span::new(first.span.start, last.span.end);
        Some(Name { parts, span })
    }

    /// Adds the parts of a dotted name; false when something else than names stands between the dots.
    fn collect_parts(&self, node: &SyntaxNode, parts: &mut Vec<Ident>) -> bool {
        for element in node.children_with_tokens() {
            let fits = match element {
                SyntaxElement::Token(token) if is_word(token.kind()) => {
                    parts.push(self.ident_token(&token));
                    // What follows can only be `uescape '…'`.
                    if node.kind() != SyntaxKind::PATH_REF && node.kind() != SyntaxKind::FIELD_EXPR {
                        return true;
                    }
                    true
                }
                SyntaxElement::Token(token) => token.kind() == SyntaxKind::DOT || is_trivia(token.kind()),
                SyntaxElement::Node(child) => match child.kind() {
                    SyntaxKind::PATH
                    | SyntaxKind::PATH_REF
                    | SyntaxKind::PATH_SEGMENT
                    | SyntaxKind::PATH_SEGMENT_REF
                    | SyntaxKind::FIELD_EXPR
                    | SyntaxKind::NAME_REF => self.collect_parts(&child, parts),
                    _ => false,
                },
            };
            if !fits {
                return false;
            }
        }
        true
    }
}

/// The value of a string literal, with its quotes and escapes resolved; `None` for anything else.
pub(super) fn literal_string(literal: &SyntaxNode) -> Option<String> {
    Some(decoded(literal)?.into_text())
}

/// The value of a string literal together with where each of its characters is written.
pub(super) fn decoded(literal: &SyntaxNode) -> Option<DecodedText> {
    let string = literal.children_with_tokens().filter_map(SyntaxElement::into_token).any(|token| {
        matches!(
            token.kind(),
            SyntaxKind::STRING
                | SyntaxKind::ESC_STRING
                | SyntaxKind::DOLLAR_QUOTED_STRING
                | SyntaxKind::UNICODE_ESC_STRING
                | SyntaxKind::NATIONAL_STRING
        )
    });
    if !string {
        return None;
    }
    Literal::cast(literal.clone())?.decoded_value()
}

/// Whether a token can be a name: identifiers, key words, and the strings and parameters that stand for one.
fn is_word(kind: SyntaxKind) -> bool {
    kind == SyntaxKind::IDENT || kind == SyntaxKind::STRING || kind == SyntaxKind::POSITIONAL_PARAM || kind.is_keyword()
}

fn within<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// The escape character of a `U&"…"`: a backslash unless `uescape` says another.
fn escape_of(token: &SyntaxToken) -> char {
    let mut behind = token.parent().into_iter().flat_map(|parent| parent.children_with_tokens());
    let said = behind.any(|element| element.kind() == SyntaxKind::UESCAPE_KW);
    let escape = behind.find_map(|element| element.into_token().filter(|token| token.kind() == SyntaxKind::STRING));
    escape.filter(|_| said).and_then(|escape| uescape_char(escape.text())).unwrap_or('\\')
}

fn decode_unicode(inner: &str, escape: char) -> String {
    let mut value = String::with_capacity(inner.len());
    escape_unicode_esc_str(inner, escape, |_, decoded| value.extend(decoded.ok()));
    value
}

#[cfg(test)]
mod tests {
    use crate::sql::ast::StmtKind;
    use crate::sql::parse::parse;

    fn parts(sql: &str) -> Vec<String> {
        let StmtKind::Truncate { tables, .. } = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        tables.into_iter().flat_map(|table| table.parts).map(|part| part.value).collect()
    }

    #[test]
    fn names_are_folded_unless_they_are_quoted() {
        assert_eq!(parts(r#"truncate Übung, S."A""b", value, only (c)"#), ["Übung", "s", "A\"b", "value", "c"]);
        assert_eq!(parts(r#"truncate U&"d\0061t\+000061", u&"d!0061" uescape '!'"#), ["data", "da"]);
    }

    #[test]
    fn a_name_knows_its_whole_place() {
        let sql = "truncate  a . /* b */ \"C\" ;";
        let StmtKind::Truncate { tables, .. } = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        assert_eq!(tables[0].span.of(sql), "a . /* b */ \"C\"");
    }
}
