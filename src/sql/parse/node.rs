//! What the lowering asks of a syntax node, and where in the file a node stands.

use squawk_syntax::decoded_text::DecodedText;
use squawk_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

use crate::text::Span;

/// Where the text that is being lowered stands in the file.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// It begins at this byte.
    At(usize),
    /// It is the value of a string literal, which itself stands somewhere.
    Within(&'a DecodedText, &'a Self),
    /// It begins at this byte of a text that stands somewhere itself.
    From(usize, &'a Self),
    /// It is written nowhere as it is; this is what makes it.
    Whole(Span),
}

impl Place<'_> {
    /// The place in the file of a range of the text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        match self {
            Self::At(offset) => Span::new(start, end).shifted(*offset),
            Self::Within(decoded, outer) => {
                let position =
                    |at: usize| usize::from(decoded.source_pos(u32::try_from(at).unwrap_or(u32::MAX).into()));
                let (start, end) = (position(start), position(end));
                outer.span(start, end.max(start))
            }
            Self::From(offset, outer) => outer.span(start + offset, end + offset),
            Self::Whole(span) => *span,
        }
    }

    /// How many texts deep: a body inside a literal inside a body.
    pub(super) fn depth(&self) -> usize {
        let (mut depth, mut place) = (0, self);
        while let Self::Within(_, outer) | Self::From(_, outer) = place {
            depth += 1;
            place = outer;
        }
        depth
    }
}

/// What the lowering carries along: where the text stands, and what it could not parse.
pub(super) struct Lower<'a> {
    pub(super) place: Place<'a>,
    /// Inside a body, an executed literal or an SQL function: errors are the body's.
    pub(super) in_body: bool,
    pub(super) errors: Vec<super::SyntaxError>,
    /// Whether [`Self::refuse`] has spoken about this statement.
    pub(super) refused: bool,
    /// How deep in expressions and queries: see [`super::DEEPEST`].
    pub(super) depth: usize,
}

impl<'a> Lower<'a> {
    /// A lowering of the text at a place.
    pub(super) fn new(place: Place<'a>, in_body: bool) -> Self {
        Self { place, in_body, errors: Vec::new(), refused: false, depth: 0 }
    }
}

impl Lower<'_> {
    /// Where a node stands in the file, without the blanks and comments at its ends.
    pub(super) fn span(&self, node: &SyntaxNode) -> Span {
        let (start, end) = node.bounds();
        self.place.span(start, end)
    }

    /// Where a token stands in the file.
    pub(super) fn token_span(&self, token: &SyntaxToken) -> Span {
        let range = token.text_range();
        self.place.span(range.start().into(), range.end().into())
    }

    /// From the beginning of one node to the end of another.
    pub(super) fn span_between(&self, first: &SyntaxNode, last: &SyntaxNode) -> Span {
        self.place.span(first.bounds().0, last.bounds().1)
    }
}

/// Short questions to a node.
pub(super) trait Node {
    /// The first child node of a kind.
    fn child(&self, kind: SyntaxKind) -> Option<SyntaxNode>;
    /// The child nodes of a kind.
    fn every(&self, kind: SyntaxKind) -> impl Iterator<Item = SyntaxNode>;
    /// The first node of a kind at any depth.
    fn find(&self, kind: SyntaxKind) -> Option<SyntaxNode>;
    /// The first direct token of a kind.
    fn token(&self, kind: SyntaxKind) -> Option<SyntaxToken>;
    /// Whether it has a direct token of a kind.
    fn has(&self, kind: SyntaxKind) -> bool;
    /// Whether it has a direct child node of a kind.
    fn holds(&self, kind: SyntaxKind) -> bool {
        self.child(kind).is_some()
    }
    /// Its first and last byte in its own text, without the blanks and comments at its ends.
    fn bounds(&self) -> (usize, usize);
    /// Its significant tokens at any depth.
    fn tokens(&self) -> impl Iterator<Item = SyntaxToken>;
    /// Its words and signs in lower case with one space between, comments left out; literals as written.
    fn words(&self) -> String;
    /// Its text as written, without the blanks and comments at its ends.
    fn written(&self) -> String;
}

impl Node for SyntaxNode {
    fn child(&self, kind: SyntaxKind) -> Option<SyntaxNode> {
        self.children().find(|child| child.kind() == kind)
    }

    fn every(&self, kind: SyntaxKind) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| child.kind() == kind)
    }

    fn find(&self, kind: SyntaxKind) -> Option<SyntaxNode> {
        self.descendants().find(|node| node.kind() == kind)
    }

    fn token(&self, kind: SyntaxKind) -> Option<SyntaxToken> {
        self.children_with_tokens().filter_map(SyntaxElement::into_token).find(|token| token.kind() == kind)
    }

    fn has(&self, kind: SyntaxKind) -> bool {
        self.token(kind).is_some()
    }

    fn bounds(&self) -> (usize, usize) {
        let mut tokens = self.tokens();
        let Some(first) = tokens.next() else {
            let at = self.text_range().start().into();
            return (at, at);
        };
        let start = first.text_range().start().into();
        let end =
            last_token(self, |kind| !is_trivia(kind)).map_or(start, |token| usize::from(token.text_range().end()));
        (start, end.max(start))
    }

    fn tokens(&self) -> impl Iterator<Item = SyntaxToken> {
        self.descendants_with_tokens().filter_map(SyntaxElement::into_token).filter(|token| !is_trivia(token.kind()))
    }

    fn words(&self) -> String {
        let mut text = String::new();
        for token in self.tokens() {
            if !text.is_empty() {
                text.push(' ');
            }
            match token.kind() {
                SyntaxKind::STRING | SyntaxKind::DOLLAR_QUOTED_STRING | SyntaxKind::ESC_STRING => {
                    text.push_str(token.text());
                }
                _ if token.text().starts_with('"') => text.push_str(token.text()),
                _ => text.push_str(&token.text().to_lowercase()),
            }
        }
        text
    }

    fn written(&self) -> String {
        let (start, end) = self.bounds();
        let before: usize = self.text_range().start().into();
        let mut text = self.text().to_string();
        text.truncate(end - before);
        text.drain(..start - before);
        text
    }
}

/// The last token that counts. A node may end with an empty one, after which a tree's own last token is not found.
pub(super) fn last_token(node: &SyntaxNode, counts: fn(SyntaxKind) -> bool) -> Option<SyntaxToken> {
    let mut element = node.last_child_or_token();
    while let Some(current) = element {
        let found = match &current {
            SyntaxElement::Node(child) => last_token(child, counts),
            SyntaxElement::Token(token) => counts(token.kind()).then(|| token.clone()),
        };
        if found.is_some() {
            return found;
        }
        element = current.prev_sibling_or_token();
    }
    None
}

/// Blanks and comments.
pub(super) fn is_trivia(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::WHITESPACE | SyntaxKind::COMMENT)
}
