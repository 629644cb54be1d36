//! What a change of a column's type costs.
//!
//! <https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES>: nothing where the old values already are of the
//! new type, byte by byte, and PostgreSQL knows it.

use super::in_use::Altered;
use crate::lint::At;
use crate::lint::schema::{ConstraintDef, IndexKey, TypeKind};
use crate::sql::ast::{Expr, ExprKind, Ident, StmtKind, TableAction, TypeName};
use crate::text::Span;

/// What PostgreSQL does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Cost {
    /// Only the catalog changes.
    Free,
    /// The rows stay, but a check of the column is tested for each.
    Tested,
    /// The rows stay, but the column's indexes are built anew.
    Indexes,
    /// Every row is written anew, and every index.
    Rewrite,
}

/// The type that a column has before the statement.
pub(in crate::lint) fn known_type<'a>(altered: &Altered<'a>, name: &Ident) -> Option<&'a TypeName> {
    altered.table.and_then(|table| table.column(&name.value)).and_then(|column| column.type_name.as_ref())
}

/// What an action costs that gives a column a type, with what else the table tells: `alter column name type new using …`.
pub(in crate::lint) fn change(
    at: &At<'_>,
    altered: &Altered<'_>,
    action: &TableAction,
    (name, new, using): (&Ident, &TypeName, Option<&Expr>),
) -> Cost {
    let values = match (known_type(altered, name), using) {
        (Some(old), using) if using.is_none_or(|using| is_plain_cast(using, name, new)) => {
            // A value of a domain is one of what the domain is over; the other way its checks would be tested.
            let old = if old.name == new.name { old } else { over(at, old) };
            // Another collation orders the indexes anew.
            let written = at.text(Span::new(new.span.end, action.span.end)).to_ascii_lowercase();
            match cost(old, new) {
                Cost::Free if written.contains("collate") => Cost::Indexes,
                Cost::Rewrite if is_zoned(old, new) && is_utc(at) => Cost::Indexes,
                cost => cost,
            }
        }
        // Nothing is known, and the cast that PostgreSQL makes by itself to these is most often from their like.
        (None, None) if new.modifiers.is_empty() && new.any_of(&["text", "varchar", "numeric"]) => Cost::Free,
        _ => Cost::Rewrite,
    };
    match values {
        Cost::Indexes if is_indexed(at, altered, name) => Cost::Indexes,
        // The index of a partitioned table is made anew with those of its partitions, whatever the types.
        Cost::Free if altered.is_partitioned() && is_indexed(at, altered, name) => Cost::Indexes,
        // PostgreSQL does not look whether an expression still gives the same.
        Cost::Free if altered.table.is_some() && is_computed_from(at, altered, name) => Cost::Indexes,
        Cost::Indexes | Cost::Free if is_checked(altered, name) => Cost::Tested,
        Cost::Indexes | Cost::Free => Cost::Free,
        values => values,
    }
}

/// What a domain is over; any other type as it is.
pub(in crate::lint) fn over<'a>(at: &At<'a>, of: &'a TypeName) -> &'a TypeName {
    let mut of = of;
    // Domains over domains; a circle cannot be, but a chain may be read wrongly.
    for _ in 0..8 {
        match at.schema.types.get(&at.schema.resolve_parts(of.schema.as_deref(), &of.name)).map(|it| &it.kind) {
            Some(TypeKind::Domain { base, .. }) if of.dimensions == 0 => of = base,
            _ => break,
        }
    }
    of
}

/// What the change from one type to another costs.
pub(in crate::lint) fn cost(old: &TypeName, new: &TypeName) -> Cost {
    if old.set_of || new.set_of || old.copied || new.copied || old.schema != new.schema && old.name != new.name {
        return Cost::Rewrite;
    }
    let (from, to) = (plain(&old.name), plain(&new.name));
    let same = from == to && old.dimensions.min(1) == new.dimensions.min(1);
    if same && sizes(from, old) == sizes(to, new) && (sizes(from, old).is_some() || old.modifiers == new.modifiers) {
        return Cost::Free;
    }
    // The elements of an array would have to be looked at one by one.
    if old.dimensions > 0 || new.dimensions > 0 {
        return Cost::Rewrite;
    }
    match (from, to) {
        ("varchar" | "xml", "text") | ("cidr", "inet") => Cost::Free,
        ("text", "varchar") if new.modifiers.is_empty() => Cost::Free,
        ("citext", "text") | ("text", "citext") | ("integer", "oid") | ("oid", "integer") => Cost::Indexes,
        ("varchar", "citext") | ("citext", "varchar") | ("bit", "varbit") if new.modifiers.is_empty() => Cost::Indexes,
        (from, to) if from == to => match (sizes(from, old), sizes(to, new)) {
            (Some((size, scale)), Some((wider, same_scale)))
                if wider >= size && (scale == same_scale || wider == u64::MAX) =>
            {
                Cost::Free
            }
            _ => Cost::Rewrite,
        },
        _ => Cost::Rewrite,
    }
}

/// Whether `using` says what PostgreSQL would do without it: the column, or the column cast to the new type.
pub(in crate::lint) fn is_plain_cast(using: &Expr, column: &Ident, type_name: &TypeName) -> bool {
    match &using.kind {
        ExprKind::Column(parts) => parts.last().is_some_and(|last| last.value == column.value),
        ExprKind::Cast { expr, to } => {
            to.name == type_name.name
                && to.modifiers == type_name.modifiers
                && to.dimensions == type_name.dimensions
                && expr.as_column().and_then(<[Ident]>::last).is_some_and(|last| last.value == column.value)
        }
        _ => false,
    }
}

/// Whether a validated check is about the column: PostgreSQL tests it anew, although the rows stay as they are.
fn is_checked(altered: &Altered<'_>, column: &Ident) -> bool {
    altered.table.is_some_and(|table| {
        table.constraints.iter().any(|constraint| {
            constraint.valid
                && matches!(constraint.def, ConstraintDef::Check(_))
                && constraint.columns.contains(&column.value)
        })
    })
}

/// Whether an expression names the column.
fn mentions(expr: &Expr, column: &Ident) -> bool {
    let mut columns = expr.all().into_iter().filter_map(Expr::as_column);
    columns.any(|parts| parts.last().is_some_and(|last| last.value == column.value))
}

/// Whether an index has the column in it.
fn is_indexed(cx: &At<'_>, altered: &Altered<'_>, column: &Ident) -> bool {
    let has = |key: &IndexKey| matches!(key, IndexKey::Column(name) if *name == column.value);
    altered.table.is_none_or(|table| {
        let mut indexes = cx.schema.indexes_of(&table.name);
        indexes.any(|index| index.keys.iter().any(has) || index.include.contains(&column.value))
    }) || is_computed_from(cx, altered, column)
}

/// Whether an expression or the `where` of an index names the column.
fn is_computed_from(cx: &At<'_>, altered: &Altered<'_>, column: &Ident) -> bool {
    altered.table.is_some_and(|table| {
        cx.schema.indexes_of(&table.name).any(|index| {
            let computes = |key: &IndexKey| matches!(key, IndexKey::Expr(expr) if mentions(expr, column));
            index.filter.as_ref().is_some_and(|filter| mentions(filter, column)) || index.keys.iter().any(computes)
        })
    })
}

/// Whether the change is between `timestamp` and `timestamptz`, which are the same bytes in UTC, and no digit is cut.
fn is_zoned(old: &TypeName, new: &TypeName) -> bool {
    let is_between = [(old, new), (new, old)].iter().any(|(a, b)| a.is("timestamp") && b.is("timestamptz"));
    is_between && old.dimensions.max(new.dimensions) == 0 && sizes("timestamp", new) >= sizes("timestamp", old)
}

/// Whether the file has set the session's time zone to UTC.
fn is_utc(at: &At<'_>) -> bool {
    let zone = at.earlier().find_map(|event| match &event.stmt.kind {
        StmtKind::Set(set) if set.name.eq_ignore_ascii_case("timezone") || set.name == "time zone" => Some(set),
        _ => None,
    });
    let is_zero = |value: &String| {
        let value = value.to_ascii_lowercase();
        matches!(value.trim_start_matches("etc/"), "utc" | "gmt" | "uct" | "zulu" | "universal" | "greenwich" | "0")
    };
    zone.is_some_and(|set| !set.reset && set.values.first().is_some_and(is_zero))
}

/// A serial column is one of an integer type.
fn plain(name: &str) -> &str {
    match name {
        "serial" => "integer",
        "bigserial" => "bigint",
        "smallserial" => "smallint",
        "decimal" => "numeric",
        name => name,
    }
}

/// Size and scale of the types that can grow in place; none written is the largest.
fn sizes(name: &str, of: &TypeName) -> Option<(u64, i64)> {
    let number = |at: usize| of.modifiers.get(at).map(|text| text.trim().parse::<i64>().ok());
    let first = match number(0) {
        None => None,
        Some(parsed) => Some(u64::try_from(parsed?).ok()?),
    };
    match name {
        "varchar" | "varbit" => Some((first.unwrap_or(u64::MAX), 0)),
        "numeric" => match first {
            None => Some((u64::MAX, 0)),
            Some(precision) => Some((precision, number(1).map_or(Some(0), |scale| scale)?)),
        },
        // Six digits are all there are.
        "timestamp" | "timestamptz" | "time" | "timetz" | "interval" => Some((first.unwrap_or(6), 0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn type_name(text: &str) -> TypeName {
        let (base, dimensions) = text.strip_suffix("[]").map_or((text, 0), |base| (base, 1));
        let (name, modifiers) = base.split_once('(').unwrap_or((base, ""));
        TypeName {
            name: name.to_owned(),
            schema: None,
            modifiers: modifiers
                .trim_end_matches(')')
                .split(',')
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect(),
            dimensions,
            set_of: false,
            copied: false,
            span: Span::new(0, 0),
            name_span: Span::new(0, 0),
        }
    }

    #[test]
    fn costs_are_those_seen_on_a_server() {
        for (old, new, expected) in [
            ("varchar(10)", "varchar(20)", Cost::Free),
            ("varchar(20)", "varchar(10)", Cost::Rewrite),
            ("varchar(10)", "varchar", Cost::Free),
            ("varchar(10)", "text", Cost::Free),
            ("xml", "text", Cost::Free),
            ("text", "varchar", Cost::Free),
            ("text", "varchar(100)", Cost::Rewrite),
            ("char(10)", "char(20)", Cost::Rewrite),
            ("char(10)", "text", Cost::Rewrite),
            ("text", "citext", Cost::Indexes),
            ("numeric(10,2)", "numeric(12,2)", Cost::Free),
            ("numeric(10,2)", "numeric(12,3)", Cost::Rewrite),
            ("numeric(10,2)", "numeric", Cost::Free),
            ("numeric", "numeric(10,2)", Cost::Rewrite),
            ("numeric(10)", "numeric(12,0)", Cost::Free),
            ("integer", "bigint", Cost::Rewrite),
            ("serial", "integer", Cost::Free),
            ("serial", "bigint", Cost::Rewrite),
            ("cidr", "inet", Cost::Free),
            ("inet", "cidr", Cost::Rewrite),
            ("timestamp", "timestamptz", Cost::Rewrite),
            ("timestamp(3)", "timestamp", Cost::Free),
            ("timestamp", "timestamp(3)", Cost::Rewrite),
            ("interval(3)", "interval(6)", Cost::Free),
            ("varbit(10)", "varbit(20)", Cost::Free),
            ("bit(10)", "varbit", Cost::Indexes),
            ("varchar(10)[]", "varchar(20)[]", Cost::Rewrite),
            ("varchar[]", "text[]", Cost::Rewrite),
            ("text[]", "text[]", Cost::Free),
            ("real", "double precision", Cost::Rewrite),
        ] {
            assert_eq!(cost(&type_name(old), &type_name(new)), expected, "{old} to {new}");
        }
    }
}
