//! `fk-type-mismatch`: a foreign key whose columns are not of the type they refer to.

use super::types::same;
use crate::diagnostic::Level;
use crate::lint::schema::{Constraint, ConstraintDef, Reference, Table};
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "fk-type-mismatch",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a foreign key column of another type than the column it refers to",
    effect: "where the types cannot be compared PostgreSQL refuses the key (42804); where they can, the narrower one overflows first \
             (an `integer` that refers to a `bigint` key), and comparing the two in a query may not use the index",
    remedy: "give both columns the same type",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
    bad: &[
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id integer references public.users);",
    ],
    good: &[
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id bigint references public.users);",
        "create table public.users (name varchar(20) primary key);\ncreate table public.orders (id bigint primary key, user_name text references public.users);",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in cx.tables() {
        for constraint in &table.constraints {
            if let ConstraintDef::ForeignKey(reference) = &constraint.def
                && constraint.created.file.is_some()
            {
                compare(cx, table, constraint, reference, out);
            }
        }
    }
}

fn compare(cx: &ChainCx<'_>, table: &Table, constraint: &Constraint, reference: &Reference, out: &mut Findings) {
    // A partition's keys are the parent's.
    if table.partition_of.is_some() {
        return;
    }
    let Some(other) = cx.schema.tables.get(&reference.table) else { return };
    for (ours, theirs) in constraint.columns.iter().zip(&reference.columns) {
        let type_of = |table: &'_ Table, name: &str| table.column(name).and_then(|column| column.type_name.clone());
        let (Some(one), Some(two)) = (type_of(table, ours), type_of(other, theirs)) else { continue };
        if same(cx.schema, &one, &two) {
            continue;
        }
        let message = format!(
            "`{}.{}` is {one}, but refers to `{}.{}`, which is {two}",
            table.name,
            bare_ident(ours),
            other.name,
            bare_ident(theirs)
        );
        let help = match wider(&one.to_string(), &two.to_string()) {
            both if both == two.to_string() => format!("make it {two}"),
            both => format!("make both {both}"),
        };
        out.push(
            cx.finding(constraint.created, message)
                .label("types differ")
                .object(&table.name)
                .touched(table.touched)
                .help(help),
        );
    }
}

/// The one of two integer types that holds both; the second of any others.
fn wider<'a>(one: &'a str, two: &'a str) -> &'a str {
    let rank = |of: &str| ["smallint", "integer", "bigint"].iter().position(|it| *it == of);
    match (rank(one), rank(two)) {
        (Some(first), Some(second)) if first > second => one,
        _ => two,
    }
}
