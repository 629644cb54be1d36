//! `fk-target-not-unique`: a foreign key to columns that no key covers.

use crate::diagnostic::Level;
use crate::lint::rules::suggest;
use crate::lint::schema::{ConstraintDef, IndexKey, Reference, Schema, Table};
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Profile, Rule};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "fk-target-not-unique",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a foreign key to columns without a primary key or unique index on just these",
    effect: "PostgreSQL refuses the foreign key (42830, invalid_foreign_key), and the migration fails. An index with `where`, on an \
             expression or on more columns does not count",
    remedy: "make the columns unique first, or refer to the primary key",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
    bad: &[
        "create table public.users (id bigint primary key, email text);\ncreate table public.orders (id bigint primary key, email text references public.users (email));",
    ],
    good: &[
        "create table public.users (id bigint primary key, email text unique);\ncreate table public.orders (id bigint primary key, email text references public.users (email));",
        "create table public.users (id bigint, email text);\ncreate unique index users_email_key on public.users (email);\ncreate table public.orders (id bigint primary key, email text references public.users (email));",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in cx.tables() {
        for constraint in &table.constraints {
            let ConstraintDef::ForeignKey(reference) = &constraint.def else { continue };
            if constraint.created.file.is_none() || table.partition_of.is_some() {
                continue;
            }
            let Some(other) = cx.schema.tables.get(&reference.table) else { continue };
            if other.is_platform()
                || !other.complete
                || !cx.schema.opaque.is_empty()
                || is_unique(cx.schema, other, reference)
            {
                continue;
            }
            let columns: Vec<_> = reference.columns.iter().map(|column| bare_ident(column)).collect();
            let message = if columns.is_empty() {
                format!("`{}` has no primary key to refer to", other.name)
            } else {
                format!("no key makes ({}) of `{}` unique, so nothing can refer to it", columns.join(", "), other.name)
            };
            let help = if columns.is_empty() {
                format!(
                    "add one first: alter table {} {};",
                    other.name,
                    suggest::constraint(&format!("{}_pkey", other.name.name), "primary key (…)")
                )
            } else {
                format!(
                    "make it unique first: alter table {} {};",
                    other.name,
                    suggest::constraint(
                        &format!("{}_{}_key", other.name.name, reference.columns.join("_")),
                        format!("unique ({})", columns.join(", "))
                    )
                )
            };
            out.push(
                cx.finding(constraint.created, message)
                    .label("refused")
                    .see(other.created, "the table referred to")
                    .object(&table.name)
                    .touched(table.touched)
                    .help(help),
            );
        }
    }
}

/// Whether a key of the table has just the columns that are referred to.
fn is_unique(schema: &Schema, table: &Table, reference: &Reference) -> bool {
    if reference.columns.is_empty() {
        return table.primary_key().is_some();
    }
    let mut wanted: Vec<&str> = reference.columns.iter().map(String::as_str).collect();
    wanted.sort_unstable();
    let is_wanted = |mut columns: Vec<&str>| {
        columns.sort_unstable();
        columns == wanted
    };
    let by_constraint = table.constraints.iter().any(|constraint| {
        matches!(constraint.def, ConstraintDef::PrimaryKey | ConstraintDef::Unique)
            && is_wanted(constraint.columns.iter().map(String::as_str).collect())
    });
    by_constraint
        || schema.indexes_of(&table.name).any(|index| {
            let columns: Option<Vec<&str>> = index
                .keys
                .iter()
                .map(|key| match key {
                    IndexKey::Column(name) => Some(name.as_str()),
                    IndexKey::Expr(_) => None,
                })
                .collect();
            index.unique && index.filter.is_none() && columns.is_some_and(is_wanted)
        })
}
