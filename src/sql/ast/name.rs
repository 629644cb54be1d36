//! Names and types.

use std::fmt;

use crate::text::{Span, bare_ident};

/// One part of a name, folded as PostgreSQL folds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident {
    /// What the catalogs hold: lower case unless quoted, quotes taken off. Not cut to 63 bytes.
    pub value: String,
    /// Whether it was written in double quotes.
    pub quoted: bool,
    /// Where it is written, quotes included.
    pub span: Span,
}

/// A name with up to three parts: `orders`, `public.orders`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The parts from the left; never empty.
    pub parts: Vec<Ident>,
    /// Where it is written, whole.
    pub span: Span,
}

impl Name {
    /// The last part: the object itself.
    pub fn object(&self) -> &str {
        self.parts.last().map_or("", |part| part.value.as_str())
    }

    /// The schema, where one is written.
    pub fn schema(&self) -> Option<&str> {
        let count = self.parts.len();
        (count > 1).then(|| self.parts[count - 2].value.as_str())
    }

    /// Whether it is `object`, unqualified or in `schema`.
    pub fn is(&self, schema: &str, object: &str) -> bool {
        self.object() == object && self.schema().is_none_or(|written| written == schema)
    }
}

/// As SQL, each part quoted where it needs it.
impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                formatter.write_str(".")?;
            }
            formatter.write_str(&bare_ident(&part.value))?;
        }
        Ok(())
    }
}

/// Types whose names are key words, or hold blanks or quotes of their own.
const BUILT_IN: &[&str] = &[
    "integer", "bigint", "smallint", "boolean", "varchar", "char", "numeric", "real", "double precision", "timestamp",
    "timestamptz", "time", "timetz", "interval", "serial", "bigserial", "smallserial", "bit", "varbit", "\"char\"",
];

/// A type as written, with its name made one of PostgreSQL's spellings.
///
/// <https://www.postgresql.org/docs/18/datatype.html#DATATYPE-TABLE>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeName {
    /// One spelling a type: `integer`, `bigint`, `smallint`, `boolean`, `text`, `varchar`, `char`, `numeric`, `real`,
    /// `double precision`, `timestamp`, `timestamptz`, `time`, `timetz`, `interval`, `serial`, `bigserial`, `smallserial`,
    /// `bit`, `varbit`; any other type is its folded name without schema. The internal one-byte type `"char"` is `"char"`
    /// with the quotes.
    pub name: String,
    /// The schema, where one is written; `pg_catalog` is dropped.
    pub schema: Option<String>,
    /// What stands in parentheses, as written: `["20"]`, `["10", "2"]`.
    pub modifiers: Vec<String>,
    /// The number of array dimensions; `int array` counts as one.
    pub dimensions: usize,
    /// `setof`.
    pub set_of: bool,
    /// `%type` or `%rowtype`.
    pub copied: bool,
    /// Where it is written, whole.
    pub span: Span,
    /// Where the bare name is written, without modifiers and brackets (with `with time zone`).
    pub name_span: Span,
}

impl TypeName {
    /// Whether it is the type `name` (in the canonical spelling) and no array of it.
    pub fn is(&self, name: &str) -> bool {
        self.name == name && self.dimensions == 0
    }

    /// Whether it has one of the canonical names, array or not.
    pub fn any_of(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }
}

/// As `format_type` would write it, with PostgreSQL's short names.
impl fmt::Display for TypeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.set_of {
            formatter.write_str("setof ")?;
        }
        if let Some(schema) = &self.schema {
            write!(formatter, "{}.", bare_ident(schema))?;
            formatter.write_str(&bare_ident(&self.name))?;
        } else if BUILT_IN.contains(&self.name.as_str()) {
            formatter.write_str(&self.name)?;
        } else {
            formatter.write_str(&bare_ident(&self.name))?;
        }
        if !self.modifiers.is_empty() {
            write!(formatter, "({})", self.modifiers.join(","))?;
        }
        for _ in 0..self.dimensions {
            formatter.write_str("[]")?;
        }
        Ok(())
    }
}
