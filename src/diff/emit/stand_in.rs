//! What rows that are there get in a column that comes back without its values and may not be null: something that every
//! such type takes, so that the schema can be restored where its values cannot.

use crate::catalog::{Catalog, Kind, Object};
use crate::text::quote_literal;

/// How many domains may stand on each other.
const DEEPEST: usize = 8;

/// The value, as SQL; none where no value fits every column of the type.
pub(super) fn stand_in(data_type: &str, state: &Catalog) -> Option<String> {
    let mut data_type = data_type.to_owned();
    for _ in 0..DEEPEST {
        if data_type.ends_with("[]") {
            return Some("'{}'".to_owned());
        }
        if let Some(value) = of_base(&without_modifier(&data_type)) {
            return Some(value.to_owned());
        }
        let named = |kind: Kind| {
            state.entries.iter().find(|(id, _)| id.kind == kind && id.part.is_empty() && id.qualified() == data_type)
        };
        if let Some(Object::Enum(it)) = named(Kind::Enum).map(|(_, entry)| &entry.object) {
            return it.labels.first().map(|label| quote_literal(label));
        }
        let Some(Object::Domain(it)) = named(Kind::Domain).map(|(_, entry)| &entry.object) else { return None };
        data_type.clone_from(&it.data_type);
    }
    None
}

/// `timestamp(3) without time zone` is a `timestamp without time zone`.
fn without_modifier(data_type: &str) -> String {
    match (data_type.find('('), data_type.find(')')) {
        (Some(begin), Some(end)) if begin < end => format!("{}{}", &data_type[..begin], &data_type[end + 1..]),
        _ => data_type.to_owned(),
    }
}

fn of_base(data_type: &str) -> Option<&'static str> {
    Some(match data_type {
        "text" | "character varying" | "character" | "bytea" | "xml" | "tsvector" | "name" => "''",
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" | "money" | "oid" => "0",
        "boolean" => "false",
        "date" | "timestamp without time zone" | "timestamp with time zone" => "'1970-01-01'",
        "time without time zone" | "time with time zone" => "'00:00'",
        "interval" => "'0'",
        "uuid" => "'00000000-0000-0000-0000-000000000000'",
        "json" | "jsonb" => "'{}'",
        "inet" | "cidr" => "'0.0.0.0'",
        "macaddr" => "'00:00:00:00:00:00'",
        "point" => "'(0,0)'",
        "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" => "'empty'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_with_its_modifier() {
        let none = Catalog::default();
        assert_eq!(stand_in("timestamp(3) without time zone", &none).as_deref(), Some("'1970-01-01'"));
        assert_eq!(stand_in("character varying(20)", &none).as_deref(), Some("''"));
        assert_eq!(stand_in("numeric(10,2)[]", &none).as_deref(), Some("'{}'"));
        assert_eq!(stand_in("public.unknown", &none), None);
    }
}
