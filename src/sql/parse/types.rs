//! Types, their names brought to one spelling.

use squawk_syntax::{SyntaxElement, SyntaxKind, SyntaxNode};

use super::node::{Lower, Node, is_trivia};
use crate::sql::ast::{Name, TypeName};
use crate::text::Span;

/// Whether a node is a type.
pub(super) fn is_type(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::PATH_TYPE
            | K::ARRAY_TYPE
            | K::VARCHAR_TYPE
            | K::CHARACTER_TYPE
            | K::TIMESTAMP_TYPE
            | K::TIME_TYPE
            | K::BIT_TYPE
            | K::BIT_VARYING_TYPE
            | K::DOUBLE_TYPE
            | K::INTERVAL_TYPE
            | K::PERCENT_TYPE
            | K::PLPGSQL_PERCENT_ROWTYPE
    )
}

impl Lower<'_> {
    /// The first type among the children of a node.
    pub(super) fn first_type(&self, parent: &SyntaxNode) -> Option<TypeName> {
        self.type_name(&parent.children().find(|child| is_type(child.kind()))?)
    }

    /// A type.
    pub(super) fn type_name(&self, node: &SyntaxNode) -> Option<TypeName> {
        use SyntaxKind as K;
        let zoned = || node.holds(K::WITH_TIMEZONE);
        let bare = |name: &str| Some(self.named(node, name.to_owned()));
        match node.kind() {
            K::ARRAY_TYPE => {
                let mut of = self.first_type(node)?;
                of.dimensions += dimensions(node);
                of.span = self.span(node);
                Some(of)
            }
            K::VARCHAR_TYPE => bare("varchar"),
            K::CHARACTER_TYPE => bare("char"),
            K::BIT_TYPE => bare("bit"),
            K::BIT_VARYING_TYPE => bare("varbit"),
            K::DOUBLE_TYPE => bare("double precision"),
            K::TIMESTAMP_TYPE => bare(if zoned() { "timestamptz" } else { "timestamp" }),
            K::TIME_TYPE => bare(if zoned() { "timetz" } else { "time" }),
            K::INTERVAL_TYPE => bare("interval"),
            K::PATH_TYPE => {
                let name = self.name(&node.child(K::PATH_REF)?)?;
                let modifiers = modifiers(node);
                let (schema, canonical) = canonical(&name, &modifiers);
                let mut of = self.named(node, canonical);
                // The number in `float(8)` chooses the type.
                let kept = if name.object() == "float" { Vec::new() } else { modifiers };
                (of.schema, of.modifiers, of.name_span) = (schema, kept, name.span);
                Some(of)
            }
            K::PERCENT_TYPE | K::PLPGSQL_PERCENT_ROWTYPE => {
                let name = self.name(&node.child(K::PATH_REF)?)?;
                let mut of = self.named(node, name.object().to_owned());
                of.schema = (name.parts.len() > 1).then(|| {
                    let before = &name.parts[..name.parts.len() - 1];
                    before.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".")
                });
                (of.copied, of.dimensions, of.name_span) = (true, dimensions(node), name.span);
                Some(of)
            }
            _ => None,
        }
    }

    fn named(&self, node: &SyntaxNode, name: String) -> TypeName {
        let span = self.span(node);
        TypeName {
            name,
            schema: None,
            modifiers: modifiers(node),
            dimensions: 0,
            set_of: node.has(SyntaxKind::SETOF_KW),
            copied: false,
            span,
            name_span: self.bare_span(node).unwrap_or(span),
        }
    }

    /// Where the words of a type stand, without `setof` and the list of modifiers behind them.
    fn bare_span(&self, node: &SyntaxNode) -> Option<Span> {
        let mut words = node.children_with_tokens().filter(|element| {
            !is_trivia(element.kind()) && !matches!(element.kind(), SyntaxKind::SETOF_KW | SyntaxKind::ARG_LIST)
        });
        let first = words.next()?;
        let mut last = first.clone();
        for element in words {
            match element.kind() {
                // `timestamp (3)` ends before the parenthesis, `timestamp (3) with time zone` does not.
                SyntaxKind::L_PAREN | SyntaxKind::R_PAREN | SyntaxKind::LITERAL => {}
                _ => last = element,
            }
        }
        let range = |element: &SyntaxElement| element.text_range();
        Some(self.place.span(range(&first).start().into(), range(&last).end().into()))
    }
}

fn dimensions(node: &SyntaxNode) -> usize {
    node.every(SyntaxKind::ARRAY_BOUND).count().max(usize::from(node.has(SyntaxKind::ARRAY_KW)))
}

/// What stands in parentheses behind the name.
fn modifiers(node: &SyntaxNode) -> Vec<String> {
    let written = |node: SyntaxNode| {
        let (start, end) = node.bounds();
        let before: usize = node.text_range().start().into();
        let text = node.text().to_string();
        text.get(start - before..end - before).unwrap_or_default().to_owned()
    };
    match node.child(SyntaxKind::ARG_LIST) {
        Some(list) => list.every(SyntaxKind::ARG).map(written).collect(),
        None => node.every(SyntaxKind::LITERAL).map(written).collect(),
    }
}

/// PostgreSQL's many names of its own types, one for each.
///
/// A quoted name is looked up in the catalogs as it is, where only the internal names exist.
fn canonical(name: &Name, modifiers: &[String]) -> (Option<String>, String) {
    let schema = name.schema().filter(|schema| *schema != "pg_catalog");
    let object = name.object();
    if schema.is_some() {
        return (schema.map(str::to_owned), object.to_owned());
    }
    let quoted = name.parts.last().is_some_and(|part| part.quoted);
    let known = match object {
        "int2" => "smallint",
        "int4" => "integer",
        "int8" => "bigint",
        "float4" => "real",
        "float8" => "double precision",
        "bool" => "boolean",
        "bpchar" => "char",
        "serial2" => "smallserial",
        "serial4" => "serial",
        "serial8" => "bigserial",
        "char" => "\"char\"",
        "int" if !quoted => "integer",
        "dec" | "decimal" if !quoted => "numeric",
        "float" if !quoted => match modifiers.first().and_then(|bits| bits.parse::<u32>().ok()) {
            Some(1..=24) => "real",
            _ => "double precision",
        },
        other => other,
    };
    (None, known.to_owned())
}
