//! Whether two types are one for PostgreSQL.

use crate::lint::schema::{QName, Schema, TypeKind};
use crate::sql::ast::TypeName;

/// The type that a domain stands for in the end; any other type as it is.
pub(super) fn base<'a>(schema: &'a Schema, of: &'a TypeName) -> &'a TypeName {
    let mut of = of;
    // Domains over domains; a circle cannot be, but a chain may be read wrongly.
    for _ in 0..8 {
        let found = if let Some(within) = &of.schema {
            schema.types.get(&QName::new(within.as_str(), of.name.as_str()))
        } else {
            schema.search_path.iter().find_map(|path| schema.types.get(&QName::new(path.as_str(), of.name.as_str())))
        };
        match found.map(|found| &found.kind) {
            Some(TypeKind::Domain { base, .. }) if of.dimensions == 0 => of = base,
            _ => break,
        }
    }
    of
}

/// The name of a type as it counts in a comparison: lengths do not, and `varchar` compares as `text`.
fn kind(of: &TypeName) -> &str {
    match of.name.as_str() {
        "varchar" | "text" | "name" => "text",
        "serial" => "integer",
        "bigserial" => "bigint",
        "smallserial" => "smallint",
        other => other,
    }
}

/// Whether values of the two types compare as they are.
pub(super) fn same(schema: &Schema, one: &TypeName, other: &TypeName) -> bool {
    let (one, other) = (base(schema, one), base(schema, other));
    // `%type` stands for a type that is not looked up.
    one.copied || other.copied || (kind(one) == kind(other) && (one.dimensions > 0) == (other.dimensions > 0))
}

/// Whether two columns were declared alike, lengths aside.
pub(super) fn declared_alike(one: &TypeName, other: &TypeName) -> bool {
    let name = |of: &TypeName| match of.name.as_str() {
        "serial" => "integer".to_owned(),
        "bigserial" => "bigint".to_owned(),
        "smallserial" => "smallint".to_owned(),
        other => other.to_owned(),
    };
    one.copied || other.copied || (name(one) == name(other) && (one.dimensions > 0) == (other.dimensions > 0))
}

/// Whether two lists of argument types make the same function; a schema counts where both have one.
pub(super) fn same_arguments(one: &[TypeName], other: &[TypeName]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| {
            let schemas = match (&one.schema, &other.schema) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            };
            schemas && one.name == other.name && (one.dimensions > 0) == (other.dimensions > 0) && !one.copied
        })
}
