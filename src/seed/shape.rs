//! What values of a type look like.

use crate::catalog::{Catalog, Id, Kind, Object};

/// How deep types within types are followed; a table can have a column of its own row type's array.
const DEEPEST: usize = 6;

/// What values of a type look like, as far as making some needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// `boolean`.
    Bool,
    /// Whole numbers up to the greatest.
    Integer(i64),
    /// `numeric`: digits before the point and behind it.
    Numeric(u32, u32),
    /// `real`, `double precision`, `money`.
    Float,
    /// Text up to so many characters; `citext` too.
    Text(Option<usize>),
    /// `"char"`.
    Byte,
    /// `bytea`.
    Bytes,
    /// `date`.
    Date,
    /// `timestamp` with and without time zone.
    Timestamp,
    /// `time` with and without time zone.
    Time,
    /// `interval`.
    Interval,
    /// `uuid`.
    Uuid,
    /// `json` and `jsonb`.
    Json,
    /// `inet`, `cidr`.
    Address,
    /// `macaddr`, with the number of its bytes.
    Hardware(usize),
    /// `bit(n)`, `bit varying(n)`.
    Bits(usize),
    /// `xml`.
    Xml,
    /// `tsvector`, `tsquery`, `ltree`: a word.
    Word,
    /// `hstore`.
    Pairs,
    /// Numbers in brackets: `vector(n)`, `halfvec(n)`.
    Vector(usize),
    /// `sparsevec(n)`.
    SparseVector(usize),
    /// A text with `{}` where numbers stand: geometric types and those of other extensions.
    Pattern(&'static str),
    /// Something of the system catalogs: the same for every row.
    Constant(&'static str),
    /// An enum's labels.
    Enum(Vec<String>),
    /// A domain: what it is made of, as a type and as a shape, and the expressions of its checks; whether null is refused.
    Domain {
        /// The type as SQL.
        base: String,
        /// What that looks like.
        shape: Box<Self>,
        /// Its checks over `VALUE`.
        checks: Vec<String>,
        /// Whether it is `not null`.
        not_null: bool,
    },
    /// A row of values.
    Row(Vec<Self>),
    /// An array.
    Array(Box<Self>),
    /// A range.
    Range(Box<Self>),
    /// A multirange.
    Multirange(Box<Self>),
    /// What this dbctl knows no values of.
    Unknown,
}

/// A type's name without modifiers and brackets, its modifiers, and whether it is an array.
struct Written {
    name: String,
    modifiers: Vec<usize>,
    is_array: bool,
}

/// Takes apart what `format_type` writes.
fn written(text: &str) -> Written {
    let (text, is_array) = text.strip_suffix("[]").map_or((text, false), |rest| (rest, true));
    let mut name = String::new();
    let mut inside = String::new();
    let (mut is_quoted, mut depth) = (false, 0_usize);
    for character in text.chars() {
        match character {
            '"' => {
                is_quoted = !is_quoted;
                name.push(character);
            }
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth = depth.saturating_sub(1),
            _ if depth > 0 => inside.push(character),
            _ => name.push(character),
        }
    }
    let modifiers = inside.split(',').filter_map(|it| it.trim().parse().ok()).collect();
    Written { name: name.trim().to_owned(), modifiers, is_array }
}

/// The parts of a name as SQL writes it: `public."A.b"`.
pub fn name_parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                parts.last_mut().into_iter().for_each(|it| it.push('"'));
            }
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => parts.push(String::new()),
            _ => parts.last_mut().into_iter().for_each(|it| it.push(character)),
        }
    }
    parts
}

/// What values of a type look like.
pub fn shape(catalog: &Catalog, data_type: &str) -> Shape {
    resolve(catalog, data_type, 0)
}

fn resolve(catalog: &Catalog, data_type: &str, depth: usize) -> Shape {
    if depth > DEEPEST {
        return Shape::Unknown;
    }
    let Written { name, modifiers, is_array } = written(data_type);
    if is_array {
        return Shape::Array(Box::new(resolve(catalog, data_type.trim_end_matches("[]"), depth + 1)));
    }
    built_in(&name, &modifiers)
        .or_else(|| own(catalog, &name, depth))
        .or_else(|| of_extension(&name, &modifiers))
        .unwrap_or(Shape::Unknown)
}

/// PostgreSQL's own types: <https://www.postgresql.org/docs/18/datatype.html>.
fn built_in(name: &str, modifiers: &[usize]) -> Option<Shape> {
    let first = modifiers.first().copied();
    let range = |shape| Shape::Range(Box::new(shape));
    let multirange = |shape| Shape::Multirange(Box::new(shape));
    let numeric = || {
        let precision = first.map_or(9, |it| u32::try_from(it).unwrap_or(9));
        let scale = modifiers.get(1).map_or(if first.is_some() { 0 } else { 2 }, |it| u32::try_from(*it).unwrap_or(0));
        Shape::Numeric(precision.saturating_sub(scale), scale)
    };
    Some(match name {
        "boolean" => Shape::Bool,
        "smallint" => Shape::Integer(i64::from(i16::MAX)),
        "bigint" => Shape::Integer(i64::MAX),
        "integer" | "oid" | "xid" | "xid8" | "cid" => Shape::Integer(i64::from(i32::MAX)),
        "numeric" => numeric(),
        "real" | "double precision" | "money" => Shape::Float,
        "text" | "character varying" => Shape::Text(first),
        "name" => Shape::Text(Some(63)),
        "character" => Shape::Text(Some(first.unwrap_or(1))),
        "\"char\"" => Shape::Byte,
        "bytea" => Shape::Bytes,
        "date" => Shape::Date,
        "timestamp without time zone" | "timestamp with time zone" => Shape::Timestamp,
        "time without time zone" | "time with time zone" => Shape::Time,
        _ if name.starts_with("interval") => Shape::Interval,
        "uuid" => Shape::Uuid,
        "json" | "jsonb" => Shape::Json,
        "inet" | "cidr" => Shape::Address,
        "macaddr" => Shape::Hardware(6),
        "macaddr8" => Shape::Hardware(8),
        "bit" => Shape::Bits(first.unwrap_or(1)),
        "bit varying" => Shape::Bits(first.unwrap_or(16)),
        "xml" => Shape::Xml,
        "tsvector" | "tsquery" => Shape::Word,
        "point" => Shape::Pattern("({},{})"),
        "line" => Shape::Pattern("{{},1,1}"),
        "lseg" | "path" => Shape::Pattern("[({},0),({},1)]"),
        "box" => Shape::Pattern("({},1),({},0)"),
        "polygon" => Shape::Pattern("(({},0),({},1),(0,1))"),
        "circle" => Shape::Pattern("<({},0),0.25>"),
        "pg_lsn" => Shape::Pattern("0/{}"),
        "tid" => Shape::Pattern("(0,{})"),
        "txid_snapshot" | "pg_snapshot" => Shape::Pattern("{}:{}:"),
        "jsonpath" => Shape::Pattern("$.a{}"),
        "int2vector" | "oidvector" => Shape::Pattern("{}"),
        "regclass" => Shape::Constant("pg_class"),
        "regtype" => Shape::Constant("integer"),
        "regproc" => Shape::Constant("now"),
        "regprocedure" => Shape::Constant("now()"),
        "regrole" => Shape::Constant("pg_monitor"),
        "regnamespace" => Shape::Constant("pg_catalog"),
        "regconfig" | "regdictionary" => Shape::Constant("simple"),
        "regoper" => Shape::Constant("!~~"),
        "regoperator" => Shape::Constant("+(integer,integer)"),
        "regcollation" => Shape::Constant("\"C\""),
        "int4range" => range(Shape::Integer(i64::from(i32::MAX))),
        "int8range" => range(Shape::Integer(i64::MAX)),
        "numrange" => range(Shape::Numeric(9, 2)),
        "daterange" => range(Shape::Date),
        "tsrange" | "tstzrange" => range(Shape::Timestamp),
        "int4multirange" => multirange(Shape::Integer(i64::from(i32::MAX))),
        "int8multirange" => multirange(Shape::Integer(i64::MAX)),
        "nummultirange" => multirange(Shape::Numeric(9, 2)),
        "datemultirange" => multirange(Shape::Date),
        "tsmultirange" | "tstzmultirange" => multirange(Shape::Timestamp),
        _ => return None,
    })
}

/// Types of the schema, row types of tables and views too.
fn own(catalog: &Catalog, name: &str, depth: usize) -> Option<Shape> {
    let parts = name_parts(name);
    let [schema, name] = parts.as_slice() else { return None };
    let at = |kind| Id::new(kind, schema, name);
    if let Some(Object::Enum(it)) = catalog.get(&at(Kind::Enum)).map(|it| &it.object) {
        return Some(Shape::Enum(it.labels.clone()));
    }
    if let Some(Object::Domain(it)) = catalog.get(&at(Kind::Domain)).map(|it| &it.object) {
        let domain = at(Kind::Domain);
        let mut not_null = it.not_null;
        let mut checks = Vec::new();
        for (_, entry) in catalog.parts(&domain, Kind::Constraint) {
            if let Object::Constraint(constraint) = &entry.object
                && constraint.of_domain
            {
                match super::check::expression(&constraint.definition) {
                    Some(expression) => checks.push(expression.to_owned()),
                    None => not_null = true,
                }
            }
        }
        let shape = Box::new(resolve(catalog, &it.data_type, depth + 1));
        return Some(Shape::Domain { base: it.data_type.clone(), shape, checks, not_null });
    }
    if let Some(Object::Composite(it)) = catalog.get(&at(Kind::Composite)).map(|it| &it.object) {
        return Some(Shape::Row(it.attributes.iter().map(|it| resolve(catalog, &it.data_type, depth + 1)).collect()));
    }
    if let Some(Object::Range(it)) = catalog.get(&at(Kind::Range)).map(|it| &it.object) {
        return Some(Shape::Range(Box::new(resolve(catalog, &it.subtype, depth + 1))));
    }
    if let Some(Object::BaseType(it)) = catalog.get(&at(Kind::BaseType)).map(|it| &it.object) {
        return base_type(it);
    }
    let multirange = catalog.parts_of_schema(Kind::Range, schema).find_map(|id| match &catalog.get(id)?.object {
        Object::Range(it) if it.multirange.1 == *name => Some(it.subtype.clone()),
        _ => None,
    });
    if let Some(subtype) = multirange {
        return Some(Shape::Multirange(Box::new(resolve(catalog, &subtype, depth + 1))));
    }
    [Kind::Table, Kind::View, Kind::MaterializedView, Kind::ForeignTable].into_iter().find_map(|kind| {
        let relation = at(kind);
        catalog.get(&relation)?;
        let columns = catalog.columns(&relation);
        Some(Shape::Row(columns.iter().map(|(_, _, column)| resolve(catalog, &column.data_type, depth + 1)).collect()))
    })
}

/// A base type reads what its input function reads; those that borrow one of PostgreSQL's are known.
fn base_type(it: &crate::catalog::BaseType) -> Option<Shape> {
    let input = it.input.rsplit('.').next().unwrap_or_default();
    let like = |name: &str| built_in(name, &[]);
    match input.split('(').next().unwrap_or_default() {
        "textin" | "varcharin" | "bpcharin" | "namein" | "cstring_in" => like("text"),
        "int2in" => like("smallint"),
        "int4in" => like("integer"),
        "int8in" => like("bigint"),
        "float4in" | "float8in" => like("real"),
        "boolin" => like("boolean"),
        "byteain" => like("bytea"),
        "uuid_in" => like("uuid"),
        "numeric_in" => like("numeric"),
        _ if it.category == "S" => like("text"),
        _ if it.category == "N" => like("integer"),
        _ => None,
    }
}

/// Types that extensions bring, by name.
fn of_extension(name: &str, modifiers: &[usize]) -> Option<Shape> {
    let first = modifiers.first().copied();
    Some(match name_parts(name).last().map_or("", String::as_str) {
        "citext" => Shape::Text(None),
        "ltree" | "lquery" | "ltxtquery" => Shape::Word,
        "hstore" => Shape::Pairs,
        "vector" | "halfvec" => Shape::Vector(first.unwrap_or(3)),
        "sparsevec" => Shape::SparseVector(first.unwrap_or(3)),
        "cube" => Shape::Pattern("({},0,0)"),
        "seg" => Shape::Pattern("{}"),
        "geometry" | "geography" => Shape::Pattern("POINT({} 0)"),
        "isbn" | "isbn13" => Shape::Constant("978-0-393-04002-9"),
        "issn" => Shape::Constant("1436-4522"),
        "semver" => Shape::Pattern("1.0.{}"),
        "email" => Shape::Pattern("name{}@example.com"),
        "h3index" => Shape::Constant("8a63a9a99047fff"),
        "ulid" => Shape::Constant("01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_format_type_writes() {
        let shape = |text| shape(&Catalog::default(), text);
        assert_eq!(shape("character varying(20)"), Shape::Text(Some(20)));
        assert_eq!(shape("numeric(10,2)"), Shape::Numeric(8, 2));
        assert_eq!(shape("timestamp(3) without time zone"), Shape::Timestamp);
        assert_eq!(shape("bit(4)[]"), Shape::Array(Box::new(Shape::Bits(4))));
        assert_eq!(shape("public.vector(5)"), Shape::Vector(5));
        assert_eq!(shape("public.nobody_knows"), Shape::Unknown);
        assert_eq!(name_parts("public.\"A.\"\"b\""), ["public", "A.\"b"]);
    }
}
