//! Constants and conditions, as the type asks for them.

use super::model::{Body, Test, Type, World};

/// A name as SQL writes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// A type as SQL writes it.
pub(super) fn type_sql(kind: &Type) -> String {
    match kind {
        Type::Plain(name) => (*name).to_owned(),
        Type::Own((schema, name)) => format!("{}.{}", quoted(schema), quoted(name)),
    }
}

/// The type under all domains.
pub(super) fn base<'a>(world: &'a World, kind: &'a Type) -> &'a Type {
    let (mut kind, mut place) = (kind, world.items.len());
    while let Type::Own(name) = kind
        && let Some(at) = world.find(name).filter(|at| *at < place)
        && let Body::Domain(domain) = &world.items[at].body
    {
        (kind, place) = (&domain.base, at);
    }
    kind
}

/// A constant of a type.
pub(super) fn literal(world: &World, kind: &Type, number: usize) -> String {
    match base(world, kind) {
        Type::Plain(name) => match *name {
            "smallint" | "integer" | "bigint" | "numeric" | "numeric(10,2)" => number.to_string(),
            "boolean" => if number.is_multiple_of(2) { "true" } else { "false" }.to_owned(),
            "date" => format!("'2024-01-0{}'", number % 9 + 1),
            "timestamptz" | "timestamp" => "now()".to_owned(),
            "uuid" => "gen_random_uuid()".to_owned(),
            "jsonb" | "text[]" | "integer[]" => "'{}'".to_owned(),
            "interval" => format!("'{number} days'"),
            "inet" => format!("'10.0.0.{number}'"),
            "int4range" => format!("'[{number},20)'"),
            _ => format!("'{number}'"),
        },
        own @ Type::Own(name) => match world.find(name).map(|at| &world.items[at].body) {
            Some(Body::Enum(values)) => format!("'v{}'::{}", values[number % values.len()], type_sql(own)),
            _ => format!("null::{}", type_sql(own)),
        },
    }
}

/// A condition on a column of a type, which an index may have.
pub(super) fn test(world: &World, test: &Test, kind: &Type, prefix: &str) -> String {
    let column = format!("{prefix}{}", quoted(&test.column));
    if let Some((schema, name)) = &test.call {
        return format!("{}.{}({column})", quoted(schema), quoted(name));
    }
    let form = test.form;
    if form.is_multiple_of(7) {
        return format!("{column} is not null");
    }
    match base(world, kind) {
        Type::Plain("smallint" | "integer" | "bigint" | "numeric" | "numeric(10,2)") => match form % 3 {
            0 => format!("{column} > {form}"),
            1 => format!("{column} in (1, {form})"),
            _ => format!("{column} between 0 and {form}"),
        },
        Type::Plain("text" | "varchar(20)" | "varchar(40)" | "char(5)") => match form % 4 {
            0 => format!("length({column}) > {form}"),
            1 => format!("{column} in ('a', 'b{form}')"),
            2 => format!("{column} like 'x%'"),
            _ => format!("{column} <> '{form}'"),
        },
        Type::Plain("boolean") => {
            if form.is_multiple_of(2) {
                column
            } else {
                format!("not {column}")
            }
        }
        Type::Plain("date") => format!("{column} > date '2024-02-0{}'", form % 9 + 1),
        own @ Type::Own(name) => match world.find(name).map(|at| &world.items[at].body) {
            Some(Body::Enum(values)) => {
                // A domain has no operators of its own.
                let column = if own == kind { column } else { format!("{column}::{}", type_sql(own)) };
                let value = |number: usize| format!("'v{}'", values[number % values.len()]);
                match form % 3 {
                    0 => format!("{column} = {}", value(form)),
                    1 => format!("{column} in ({}, {})", value(form), value(form + 1)),
                    _ => format!("{column} < {}", value(form)),
                }
            }
            _ => format!("{column} is not null"),
        },
        Type::Plain(_) => format!("{column} is not null"),
    }
}
