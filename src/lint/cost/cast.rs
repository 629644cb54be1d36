//! What happens to values that get another type: whether one may not fit, and whether what they were is lost.

use crate::sql::ast::TypeName;

/// What a cast does to values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cast {
    /// The values on which it fails.
    pub(super) fails: Option<String>,
    /// What of the values is lost.
    pub(super) loses: Option<String>,
}

impl Cast {
    fn fails(on: impl Into<String>) -> Self {
        Self { fails: Some(on.into()), loses: None }
    }

    fn loses(what: impl Into<String>) -> Self {
        Self { fails: None, loses: Some(what.into()) }
    }

    fn and_loses(mut self, what: impl Into<String>) -> Self {
        self.loses = Some(what.into());
        self
    }
}

/// The cast from one type to another, said in `using` (`explicit`) or made by PostgreSQL itself.
pub(super) fn cast(old: &TypeName, new: &TypeName, explicit: bool) -> Cast {
    if old.name == new.name && old.modifiers == new.modifiers && old.dimensions == new.dimensions {
        return Cast::default();
    }
    if old.dimensions > 0 && new.dimensions > 0 {
        let element = |of: &TypeName| TypeName { dimensions: 0, ..of.clone() };
        return cast(&element(old), &element(new), explicit);
    }
    if old.dimensions > 0 || new.dimensions > 0 {
        return between_unlike(old, new);
    }
    let (from, to) = (plain(old), plain(new));
    match (family(from), family(to)) {
        (Some(Family::Text), Some(Family::Text)) => text(old, new, explicit),
        (Some(Family::Integer(a)), Some(Family::Integer(b))) if a <= b => Cast::default(),
        (Some(Family::Integer(_)), Some(Family::Integer(_))) => {
            Cast::fails(format!("a value is out of the range of {to}"))
        }
        (Some(Family::Integer(_)), Some(Family::Numeric)) => digits(new),
        (Some(Family::Numeric), Some(Family::Numeric)) => numeric(old, new),
        (Some(Family::Numeric | Family::Float(_)), Some(Family::Integer(_))) => {
            Cast::fails(format!("a value is out of the range of {to}"))
                .and_loses("digits behind the point are rounded away")
        }
        (Some(Family::Float(a)), Some(Family::Float(b))) if a <= b => Cast::default(),
        (Some(Family::Integer(_) | Family::Numeric | Family::Float(_)), Some(Family::Float(_))) => {
            Cast::loses("digits that a floating-point number has no room for are rounded away")
        }
        (Some(Family::Float(_)), Some(Family::Numeric)) => {
            let wide = digits(new);
            Cast { loses: Some("digits are rounded away".to_owned()), ..wide }
        }
        (Some(Family::Time), Some(Family::Time)) => time(from, to, old, new),
        (Some(Family::Json), Some(Family::Json)) if to == "jsonb" => {
            Cast::loses("blanks, the order of keys and all but the last of equal keys")
        }
        (Some(Family::Json), Some(Family::Json)) => Cast::default(),
        // Every value has a text, and is made of it again.
        (_, Some(Family::Text)) => length(new, explicit).unwrap_or_default(),
        (Some(Family::Text), _) => Cast::fails(format!("a value is no {to}"))
            .and_loses(format!("how the value was spelled: another text of the same {to}")),
        (Some(Family::Integer(_)), None) if to == "boolean" => Cast::loses("which number other than 0 it was"),
        (None, Some(Family::Integer(_))) if from == "boolean" => Cast::default(),
        _ => between_unlike(old, new),
    }
}

fn between_unlike(old: &TypeName, new: &TypeName) -> Cast {
    Cast::fails(format!("the cast from {old} to {new} does not take a value"))
        .and_loses(format!("what a value of {old} has that one of {new} has not"))
}

/// Types whose values are of one nature, the wider ones with a higher number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Integer(u8),
    Numeric,
    Float(u8),
    Time,
    Json,
}

fn family(name: &str) -> Option<Family> {
    Some(match name {
        "text" | "varchar" | "char" | "citext" | "name" => Family::Text,
        "smallint" => Family::Integer(2),
        "integer" => Family::Integer(4),
        "bigint" => Family::Integer(8),
        "numeric" => Family::Numeric,
        "real" => Family::Float(4),
        "double precision" => Family::Float(8),
        "date" | "timestamp" | "timestamptz" | "time" | "timetz" => Family::Time,
        "json" | "jsonb" => Family::Json,
        _ => return None,
    })
}

fn plain(of: &TypeName) -> &str {
    match of.name.as_str() {
        "serial" => "integer",
        "bigserial" => "bigint",
        "smallserial" => "smallint",
        "decimal" => "numeric",
        name => name,
    }
}

fn number(of: &TypeName, at: usize) -> Option<i64> {
    of.modifiers.get(at)?.trim().parse().ok()
}

/// What a limit on the length does: a cast that is written cuts, one that PostgreSQL makes fails.
fn length(new: &TypeName, explicit: bool) -> Option<Cast> {
    let limit = match new.name.as_str() {
        "varchar" => number(new, 0)?,
        "char" => number(new, 0).unwrap_or(1),
        "name" => 63,
        _ => return None,
    };
    Some(if explicit || new.name == "name" {
        Cast::loses(format!("what stands behind the first {limit} characters is cut off"))
    } else {
        Cast::fails(format!("a value is longer than {limit} characters"))
    })
}

fn text(old: &TypeName, new: &TypeName, explicit: bool) -> Cast {
    let room = |of: &TypeName| match of.name.as_str() {
        "varchar" => number(of, 0).unwrap_or(i64::MAX),
        "char" => number(of, 0).unwrap_or(1),
        "name" => 63,
        _ => i64::MAX,
    };
    if room(new) >= room(old) {
        // The blanks that fill a `char` mean nothing, and come back with it.
        return Cast::default();
    }
    length(new, explicit).unwrap_or_default()
}

/// Whether a number has room before and behind the point.
fn numeric(old: &TypeName, new: &TypeName) -> Cast {
    let Some(precision) = number(new, 0) else { return Cast::default() };
    let scale = number(new, 1).unwrap_or(0);
    let (before, behind) = match number(old, 0) {
        Some(old_precision) => {
            let old_scale = number(old, 1).unwrap_or(0);
            (old_precision - old_scale, old_scale)
        }
        None => (i64::MAX, i64::MAX),
    };
    Cast {
        fails: (precision - scale < before)
            .then(|| format!("a value has more than {} digits before the point", precision - scale)),
        loses: (scale < behind).then(|| format!("all but {scale} digits behind the point are rounded away")),
    }
}

fn digits(new: &TypeName) -> Cast {
    match number(new, 0) {
        Some(precision) => Cast::fails(format!(
            "a value has more than {} digits before the point",
            precision - number(new, 1).unwrap_or(0)
        )),
        None => Cast::default(),
    }
}

fn time(from: &str, to: &str, old: &TypeName, new: &TypeName) -> Cast {
    let fraction = |of: &TypeName| number(of, 0).unwrap_or(6);
    match (from, to) {
        _ if from == to => {
            if fraction(new) < fraction(old) {
                Cast::loses(format!("all but {} digits of a second are rounded away", fraction(new)))
            } else {
                Cast::default()
            }
        }
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") if fraction(new) >= fraction(old) => {
            Cast::loses("an hour that a change of the clock has twice, unless the time zone is UTC both times")
        }
        ("date", "timestamp" | "timestamptz") => Cast::default(),
        ("timestamp" | "timestamptz", "date") => Cast::loses("the time of the day"),
        ("timestamp" | "timestamptz", "time" | "timetz") => Cast::loses("the day"),
        _ => between_unlike(old, new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::{AlterColumn, StmtKind, TableActionKind};

    fn type_name(text: &str) -> TypeName {
        let script = crate::sql::parse::parse(&format!("alter table t alter c type {text}"));
        let StmtKind::AlterTable(alter) = &script.statements[0].kind else { panic!("{text}") };
        let TableActionKind::AlterColumn { change: AlterColumn::Type { type_name, .. }, .. } = &alter.actions[0].kind
        else {
            panic!("{text}")
        };
        type_name.clone()
    }

    #[test]
    fn says_which_values_do_not_fit_and_what_is_lost() {
        for (old, new, fails, loses) in [
            ("integer", "bigint", false, false),
            ("bigint", "integer", true, false),
            ("varchar(100)", "varchar(50)", true, false),
            ("varchar(50)", "text", false, false),
            ("text", "integer", true, true),
            ("integer", "text", false, false),
            ("numeric(10,2)", "numeric(12,2)", false, false),
            ("numeric(10,2)", "numeric(12,4)", false, false),
            ("numeric(10,2)", "numeric(10,4)", true, false),
            ("numeric", "numeric(10,2)", true, true),
            ("numeric(10,3)", "numeric(10,2)", false, true),
            ("double precision", "real", false, true),
            ("date", "timestamp", false, false),
            ("timestamptz", "date", false, true),
            ("json", "jsonb", false, true),
            ("uuid", "text", false, false),
            ("uuid", "bytea", true, true),
        ] {
            let cast = cast(&type_name(old), &type_name(new), false);
            assert_eq!((cast.fails.is_some(), cast.loses.is_some()), (fails, loses), "{old} to {new}: {cast:?}");
        }
        let cut = cast(&type_name("varchar(100)"), &type_name("varchar(50)"), true);
        assert_eq!((cut.fails.is_some(), cut.loses.is_some()), (false, true), "a cast that is written cuts");
    }
}
