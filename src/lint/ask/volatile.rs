//! Which expressions give another value for every row: what PostgreSQL calls volatile.
//!
//! <https://www.postgresql.org/docs/18/xfunc-volatility.html>

use crate::lint::At;
use crate::sql::ast::{Expr, ExprKind, Name, Volatility};

/// What is known of a function that a default calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Calls {
    /// It is volatile.
    Volatile,
    /// Nobody says that it is not: volatile is what PostgreSQL takes a function for unless told otherwise.
    Unknown,
}

/// PostgreSQL's volatile functions that make sense in a default, and those of the extensions that are used for keys.
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "gen_salt",
    "lastval",
    "nextval",
    "pg_advisory_lock",
    "pg_sleep",
    "random",
    "random_normal",
    "set_config",
    "setseed",
    "setval",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
];

/// Functions of PostgreSQL and its usual extensions that are not volatile, sorted: those that people write in defaults.
const STEADY: &[&str] = &[
    "abs",
    "age",
    "all",
    "any",
    "array_append",
    "array_cat",
    "array_fill",
    "array_length",
    "array_prepend",
    "array_remove",
    "array_to_json",
    "array_to_string",
    "ascii",
    "btrim",
    "cardinality",
    "cast",
    "cbrt",
    "ceil",
    "ceiling",
    "char_length",
    "character_length",
    "chr",
    "coalesce",
    "concat",
    "concat_ws",
    "convert",
    "convert_from",
    "convert_to",
    "crypt",
    "current_catalog",
    "current_database",
    "current_date",
    "current_role",
    "current_schema",
    "current_schemas",
    "current_setting",
    "current_time",
    "current_timestamp",
    "current_user",
    "date",
    "date_bin",
    "date_part",
    "date_trunc",
    "daterange",
    "decode",
    "digest",
    "div",
    "encode",
    "enum_first",
    "enum_last",
    "enum_range",
    "exp",
    "extract",
    "floor",
    "format",
    "gcd",
    "get_bit",
    "get_byte",
    "greatest",
    "hashtext",
    "hmac",
    "host",
    "hstore",
    "inet_client_addr",
    "inet_server_addr",
    "initcap",
    "int4range",
    "int8range",
    "isempty",
    "isfinite",
    "json_array",
    "json_array_length",
    "json_build_array",
    "json_build_object",
    "json_object",
    "json_strip_nulls",
    "json_typeof",
    "jsonb_array_length",
    "jsonb_build_array",
    "jsonb_build_object",
    "jsonb_object",
    "jsonb_set",
    "jsonb_strip_nulls",
    "jsonb_typeof",
    "justify_days",
    "justify_hours",
    "justify_interval",
    "lcm",
    "least",
    "left",
    "length",
    "ln",
    "localtime",
    "localtimestamp",
    "log",
    "lower",
    "lpad",
    "ltree2text",
    "ltrim",
    "make_date",
    "make_interval",
    "make_time",
    "make_timestamp",
    "make_timestamptz",
    "md5",
    "mod",
    "normalize",
    "now",
    "nullif",
    "numrange",
    "octet_length",
    "overlay",
    "pg_backend_pid",
    "pg_current_xact_id",
    "pg_my_temp_schema",
    "pi",
    "point",
    "position",
    "power",
    "quote_ident",
    "quote_literal",
    "quote_nullable",
    "regexp_match",
    "regexp_replace",
    "regexp_split_to_array",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "row",
    "row_to_json",
    "rpad",
    "rtrim",
    "session_user",
    "setweight",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sign",
    "some",
    "split_part",
    "sqrt",
    "st_geomfromtext",
    "st_makepoint",
    "st_setsrid",
    "statement_timestamp",
    "string_to_array",
    "strpos",
    "substr",
    "substring",
    "system_user",
    "text",
    "text2ltree",
    "timestamptz",
    "timezone",
    "to_char",
    "to_date",
    "to_hex",
    "to_json",
    "to_jsonb",
    "to_number",
    "to_timestamp",
    "to_tsquery",
    "to_tsvector",
    "transaction_timestamp",
    "translate",
    "trim",
    "trim_array",
    "trim_scale",
    "trunc",
    "tsrange",
    "tstzrange",
    "txid_current",
    "txid_current_snapshot",
    "unistr",
    "upper",
    "user",
    "uuid_generate_v3",
    "uuid_generate_v5",
    "uuid_nil",
    "uuid_ns_dns",
    "uuid_ns_oid",
    "uuid_ns_url",
    "uuid_ns_x500",
    "version",
];

/// The first call in the expression that gives another value for every row, or may, and how sure that is.
pub(in crate::lint) fn volatile_call<'a>(cx: &At<'_>, expr: &'a Expr) -> Option<(&'a Expr, &'a Name, Calls)> {
    let calls = || {
        expr.all().into_iter().filter_map(|inner| match &inner.kind {
            ExprKind::Call { name, args, .. } => Some((inner, name, judge(cx, name, args)?)),
            _ => None,
        })
    };
    calls().find(|(_, _, calls)| *calls == Calls::Volatile).or_else(|| calls().next())
}

/// Whether an expression calls nothing but what is known to give every row the same value.
pub(in crate::lint) fn is_steady(expr: &Expr) -> bool {
    expr.all().iter().all(|inner| match &inner.kind {
        ExprKind::Call { name, .. } => name.schema().is_none() && STEADY.binary_search(&name.object()).is_ok(),
        _ => true,
    })
}

fn judge(cx: &At<'_>, name: &Name, args: &[Expr]) -> Option<Calls> {
    let object = name.object();
    let own = cx.schema.functions(name);
    // An overload that takes another number of arguments is not meant, unless none fits (defaults, variadics).
    let fitting = own.iter().filter(|function| function.args.len() == args.len());
    let volatile = |functions: &mut dyn Iterator<Item = &crate::lint::schema::Function>| {
        functions.map(|function| function.volatility == Volatility::Volatile).reduce(|a, b| a || b)
    };
    if let Some(is_volatile) = volatile(&mut fitting.into_iter()).or_else(|| volatile(&mut own.iter())) {
        return is_volatile.then_some(Calls::Volatile);
    }
    if VOLATILE.contains(&object) {
        return Some(Calls::Volatile);
    }
    match name.schema() {
        None | Some("pg_catalog" | "extensions") => STEADY.binary_search(&object).is_err().then_some(Calls::Unknown),
        // What the caller's token says is the same for the whole statement.
        Some("auth") if matches!(object, "uid" | "jwt" | "role" | "email") => None,
        Some(_) => Some(Calls::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::STEADY;

    #[test]
    fn the_list_can_be_searched() {
        assert!(STEADY.is_sorted());
    }
}
