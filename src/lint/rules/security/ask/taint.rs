//! Where the text of a dynamic command comes from: whether somebody else's words can get into it unquoted.

use std::collections::HashMap;

use super::body;
use crate::sql::ast::{
    ArgMode, Block, BodyStmt, Expr, ExprKind, Ident, LiteralKind, Parameter, Query, QueryBody, StmtKind, TypeName,
};
use crate::text::Span;

/// How deep variables that are set from variables are followed.
const DEPTH: usize = 12;

/// What is known of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The migration's own words, or something quoted.
    Safe,
    /// Not known.
    Unknown,
    /// A value from rows, or of a record.
    Rows(Span),
    /// A parameter of the routine, or a column of the row that a trigger sees.
    Caller(Span, String),
}

impl Origin {
    fn rank(&self) -> u8 {
        match self {
            Self::Safe => 0,
            Self::Unknown => 1,
            Self::Rows(_) => 2,
            Self::Caller(..) => 3,
        }
    }

    fn or(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }
}

/// The variables of a body.
pub struct Variables<'a> {
    types: HashMap<&'a str, Option<&'a TypeName>>,
    parameters: HashMap<&'a str, &'a TypeName>,
    values: HashMap<&'a str, Vec<Value<'a>>>,
}

enum Value<'a> {
    Expr(&'a Expr),
    /// Something that a query returns.
    Query,
}

impl<'a> Variables<'a> {
    /// The variables of a block, and what they are ever set to.
    pub fn new(block: &'a Block, parameters: &'a [Parameter]) -> Self {
        let mut variables = Self { types: HashMap::new(), parameters: HashMap::new(), values: HashMap::new() };
        for parameter in parameters {
            if let Some(name) = &parameter.name {
                if parameter.mode == ArgMode::Out {
                    variables.types.insert(&name.value, Some(&parameter.type_name));
                } else {
                    variables.parameters.insert(&name.value, &parameter.type_name);
                }
            }
        }
        variables.declare(block);
        for statement in body::statements(block) {
            match statement {
                BodyStmt::Block(inner) => variables.declare(inner),
                BodyStmt::Assign { target, value } => variables.set(target, Value::Expr(value)),
                BodyStmt::Sql { stmt, into } if !into.is_empty() => {
                    let targets = match &stmt.kind {
                        StmtKind::Select(query) => targets(query).filter(|targets| targets.len() == into.len()),
                        _ => None,
                    };
                    for (index, variable) in into.iter().enumerate() {
                        let value = targets.as_ref().and_then(|targets| targets.get(index)).copied();
                        variables.set(variable, value.map_or(Value::Query, Value::Expr));
                    }
                }
                _ => {}
            }
        }
        variables
    }

    fn declare(&mut self, block: &'a Block) {
        for variable in &block.variables {
            self.types.insert(&variable.name.value, variable.type_name.as_ref());
            if let Some(default) = &variable.default {
                self.set(&variable.name, Value::Expr(default));
            }
        }
    }

    fn set(&mut self, variable: &'a Ident, value: Value<'a>) {
        self.values.entry(&variable.value).or_default().push(value);
    }

    /// Where the text of an expression comes from.
    pub fn origin(&self, expr: &'a Expr) -> Origin {
        self.of(expr, false, DEPTH)
    }

    fn of(&self, expr: &'a Expr, in_query: bool, depth: usize) -> Origin {
        let Some(depth) = depth.checked_sub(1) else { return Origin::Unknown };
        match &expr.kind {
            ExprKind::Column(parts) => self.of_column(parts, expr.span, in_query, depth),
            ExprKind::Cast { expr, to } => {
                if is_harmless(to) || to.dimensions > 0 && is_harmless_name(&to.name) {
                    Origin::Safe
                } else {
                    self.of(expr, in_query, depth)
                }
            }
            ExprKind::Binary { op, left, right } => match op.as_str() {
                "||" => self.of(left, in_query, depth).or(self.of(right, in_query, depth)),
                "->" | "->>" | "#>" | "#>>" => self.of(left, in_query, depth),
                _ => Origin::Safe,
            },
            ExprKind::Call { name, args, .. } => match name.object() {
                "quote_ident" | "quote_literal" | "quote_nullable" => Origin::Safe,
                "format" => self.of_format(args, in_query, depth),
                name if PASSES.contains(&name) => self.of_all(args, in_query, depth),
                name if HARMLESS.contains(&name) => Origin::Safe,
                _ => Origin::Unknown,
            },
            ExprKind::Other(list) | ExprKind::Array(list) | ExprKind::Row(list) => self.of_all(list, in_query, depth),
            ExprKind::Subquery(query) => match targets(query).as_deref() {
                Some([target]) => self.of(target, true, depth),
                _ => Origin::Unknown,
            },
            ExprKind::Literal(_)
            | ExprKind::Is { .. }
            | ExprKind::In { .. }
            | ExprKind::Between { .. }
            | ExprKind::Exists(_) => Origin::Safe,
            ExprKind::Unary { .. } | ExprKind::Star(_) | ExprKind::Parameter => Origin::Unknown,
        }
    }

    fn of_all(&self, list: &'a [Expr], in_query: bool, depth: usize) -> Origin {
        list.iter().fold(Origin::Safe, |worst, expr| worst.or(self.of(expr, in_query, depth)))
    }

    fn of_column(&self, parts: &[Ident], span: Span, in_query: bool, depth: usize) -> Origin {
        let Some(first) = parts.first().map(|part| part.value.as_str()) else { return Origin::Unknown };
        if first.starts_with("tg_") || first == "found" {
            return Origin::Safe;
        }
        if parts.len() > 1 {
            // Keys are numbers and uuids, as a rule.
            let key = &parts[1].value;
            if key == "id" || key.ends_with("_id") || key == "oid" {
                return Origin::Unknown;
            }
            return match (first, self.types.get(first)) {
                ("new" | "old", _) => Origin::Caller(span, format!("column `{}` of the row", parts[1].value)),
                (_, Some(None)) => Origin::Rows(span),
                (_, Some(Some(kind))) if kind.copied || kind.is("record") => Origin::Rows(span),
                _ if self.parameters.contains_key(first) => Origin::Unknown,
                _ => Origin::Rows(span),
            };
        }
        let values = self.values.get(first);
        let set = values.map(|values| {
            values.iter().fold(Origin::Safe, |worst, value| {
                worst.or(match value {
                    Value::Expr(expr) => self.of(expr, false, depth),
                    Value::Query => Origin::Unknown,
                })
            })
        });
        if let Some(kind) = self.parameters.get(first) {
            return match (set, is_text(kind)) {
                (_, false) => {
                    if is_harmless(kind) {
                        Origin::Safe
                    } else {
                        Origin::Unknown
                    }
                }
                (Some(Origin::Safe), true) => Origin::Safe,
                (_, true) => Origin::Caller(span, format!("parameter `{first}`")),
            };
        }
        match self.types.get(first) {
            Some(Some(kind)) if is_harmless(kind) => Origin::Safe,
            // What was found in the value is told where it gets into the command.
            Some(_) => match set.unwrap_or(Origin::Unknown) {
                Origin::Rows(_) => Origin::Rows(span),
                other => other,
            },
            None if in_query => Origin::Rows(span),
            None => Origin::Unknown,
        }
    }

    /// `format(…)`: what `%s` takes unquoted.
    fn of_format(&self, args: &'a [Expr], in_query: bool, depth: usize) -> Origin {
        let Some((template, args)) = args.split_first() else { return Origin::Unknown };
        let Some(text) = constant(template) else {
            return self.of(template, in_query, depth).or(self.of_all(args, in_query, depth));
        };
        let mut worst = Origin::Safe;
        let mut next = 0;
        let mut rest = text.as_str();
        while let Some(at) = rest.find('%') {
            rest = &rest[at + 1..];
            let flags = rest
                .find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '$' | '-' | '*')))
                .unwrap_or(rest.len());
            let position = rest[..flags].split_once('$').and_then(|(position, _)| position.parse::<usize>().ok());
            let kind = rest[flags..].chars().next();
            rest = &rest[flags + kind.map_or(0, char::len_utf8)..];
            if kind == Some('%') {
                continue;
            }
            let index = position.map_or(next, |position| position.saturating_sub(1));
            next = index + 1;
            if kind == Some('s')
                && let Some(arg) = args.get(index)
            {
                worst = worst.or(self.of(arg, in_query, depth));
            }
        }
        worst
    }
}

/// What a query without set operations selects.
fn targets(query: &Query) -> Option<Vec<&Expr>> {
    match &query.body {
        QueryBody::Select(select) => Some(select.targets.iter().map(|target| &target.expr).collect()),
        _ => None,
    }
}

/// The text of literals, put together.
fn constant(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Literal(LiteralKind::String(text)) => Some(text.clone()),
        ExprKind::Binary { op, left, right } if op == "||" => Some(constant(left)? + &constant(right)?),
        ExprKind::Cast { expr, .. } => constant(expr),
        _ => None,
    }
}

/// Types whose values can hold any text.
fn is_text(kind: &TypeName) -> bool {
    !kind.copied
        && kind.schema.is_none()
        && kind.any_of(&[
            "text", "varchar", "char", "bpchar", "name", "json", "jsonb", "xml", "citext", "cstring", "unknown",
        ])
}

/// Types whose values, written out, can hold no SQL.
fn is_harmless(kind: &TypeName) -> bool {
    !kind.copied && kind.schema.is_none() && is_harmless_name(&kind.name)
}

fn is_harmless_name(name: &str) -> bool {
    matches!(
        name,
        "integer"
            | "bigint"
            | "smallint"
            | "numeric"
            | "real"
            | "double precision"
            | "boolean"
            | "date"
            | "timestamp"
            | "timestamptz"
            | "time"
            | "timetz"
            | "interval"
            | "uuid"
            | "oid"
            | "inet"
            | "cidr"
            | "bytea"
            | "regclass"
            | "regtype"
            | "regproc"
            | "regprocedure"
            | "regrole"
            | "regnamespace"
            | "regoper"
            | "regoperator"
    )
}

/// Functions that give back what they were given.
const PASSES: &[&str] = &[
    "array_agg",
    "array_to_string",
    "btrim",
    "coalesce",
    "concat",
    "concat_ws",
    "initcap",
    "left",
    "lower",
    "lpad",
    "ltrim",
    "max",
    "min",
    "nullif",
    "overlay",
    "regexp_replace",
    "repeat",
    "replace",
    "reverse",
    "right",
    "rpad",
    "rtrim",
    "split_part",
    "string_agg",
    "substr",
    "substring",
    "to_char",
    "translate",
    "trim",
    "unnest",
    "upper",
];

/// Functions whose result can hold no SQL of others.
const HARMLESS: &[&str] = &[
    "array_length",
    "clock_timestamp",
    "count",
    "current_database",
    "current_date",
    "current_role",
    "current_schema",
    "current_timestamp",
    "current_user",
    "date_trunc",
    "encode",
    "extract",
    "gen_random_uuid",
    "hashtext",
    "length",
    "md5",
    "now",
    "pg_get_indexdef",
    "pg_get_constraintdef",
    "pg_get_functiondef",
    "pg_get_function_identity_arguments",
    "pg_get_serial_sequence",
    "pg_get_viewdef",
    "session_user",
    "statement_timestamp",
    "to_regclass",
    "transaction_timestamp",
    "txid_current",
    "user",
];
