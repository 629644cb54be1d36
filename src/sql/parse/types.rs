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

#[cfg(test)]
mod tests {
    use crate::sql::ast::{StmtKind, TypeName};
    use crate::sql::parse::parse;

    fn types(list: &str) -> Vec<(TypeName, String, String)> {
        let sql = format!("create table t ({list})");
        let StmtKind::CreateTable(table) = parse(&sql).statements.remove(0).kind else { panic!("{sql}") };
        let types = table.columns.into_iter().filter_map(|column| column.type_name);
        types.map(|it| (it.clone(), it.name_span.of(&sql).to_owned(), it.span.of(&sql).to_owned())).collect()
    }

    #[test]
    fn every_spelling_becomes_one() {
        let written = "a INT4, b pg_catalog.int8, c character varying(20), d decimal(10, 2), e timestamp (3) with time zone, \
                       f \"char\", g bpchar, h float(8), i float, j national character(3), k s.int4, l \"Int\", m time";
        let names: Vec<_> = types(written).into_iter().map(|(it, ..)| it.to_string()).collect();
        assert_eq!(
            names,
            [
                "integer",
                "bigint",
                "varchar(20)",
                "numeric(10,2)",
                "timestamptz(3)",
                "\"char\"",
                "char",
                "real",
                "double precision",
                "char(3)",
                "s.int4",
                "\"Int\"",
                "time"
            ]
        );
    }

    #[test]
    fn arrays_and_places() {
        let found =
            types("a int[][3], b text array, c varchar (3) [], d timestamp(2) without time zone, e bit varying");
        let dimensions: Vec<_> = found.iter().map(|(it, ..)| it.dimensions).collect();
        assert_eq!(dimensions, [2, 1, 1, 0, 0]);
        let names: Vec<_> = found.iter().map(|(_, name, _)| name.as_str()).collect();
        assert_eq!(names, ["int", "text", "varchar", "timestamp(2) without time zone", "bit varying"]);
        assert_eq!(found[2].2, "varchar (3) []");
    }

    #[test]
    fn copied_types_and_sets() {
        let sql = "create function f(a s.t.c%type, b t) returns setof s.t language sql return 1";
        let StmtKind::CreateRoutine(routine) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        let copied = &routine.parameters[0].type_name;
        assert_eq!((copied.copied, copied.schema.as_deref(), copied.name.as_str()), (true, Some("s.t"), "c"));
        let Some(crate::sql::ast::Returns::Type(returned)) = routine.returns else { panic!("{sql}") };
        assert_eq!(returned.to_string(), "setof s.t");
    }
}
