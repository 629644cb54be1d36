//! `primary-key`: rows that nothing tells apart.

use super::tables;
use crate::diagnostic::Level;
use crate::lint::rules::suggest;
use crate::lint::schema::{Index, IndexKey, Table};
use crate::lint::{ChainCx, Check, Finding, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "primary-key",
    group: Group::Convention,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a table has no primary key at the end of the chain",
    effect: "rows cannot be told apart: logical replication refuses updates and deletes, clients cannot address a row, and duplicates stay",
    remedy: "add a primary key",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption {
        name: "exempt",
        preset: Preset::List(&[]),
        help: "tables that need none; `*` and `?` stand for letters",
    }],
    sources: &[
        "https://www.postgresql.org/docs/18/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS",
        "https://www.postgresql.org/docs/18/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY",
    ],
    bad: &["\
create table public.visits (
  page text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz generated always as (created_at) stored not null,
  deleted_at timestamptz
);
comment on table public.visits is 'Who looked at what.';
"],
    good: &[
        "create table public.visits (id uuid primary key default gen_random_uuid(), page text not null);",
        "create table public.visits (id uuid not null, page text not null);\nalter table public.visits add primary key (id);",
        "create temp table visits (page text);",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in tables::own(cx) {
        if table.primary_key().is_some() || (!table.complete && copies_keys(cx, table)) {
            continue;
        }
        if tables::named(&tables::options(cx, table.created).list("exempt"), &table.name) {
            continue;
        }
        let name = &table.name;
        if let Some(index) = telling(cx, table) {
            out.push(keyed(cx, table, index));
            continue;
        }
        let id = match table.column("id") {
            Some(_) => format!(
                "alter table {name} {};",
                suggest::constraint(&format!("{}_pkey", name.name), "primary key (id)")
            ),
            None => {
                format!("alter table {name} add column if not exists id uuid primary key default gen_random_uuid();")
            }
        };
        out.push(
            cx.finding(table.created, format!("nothing tells the rows of `{name}` apart: it has no primary key"))
                .label("no primary key")
                .object(name)
                .help(format!("add one: `{id}`"))
                .touched(tables::weakened(cx.schema, name)),
        );
    }
}

/// Whether the table is made like one that the chain does not know, with its indexes.
fn copies_keys(cx: &ChainCx<'_>, table: &Table) -> bool {
    tables::creation(cx, table).is_some_and(|(_, _, create)| {
        create.like.iter().any(|like| like.including.iter().any(|part| part == "indexes"))
    })
}

/// A unique index on columns that are never null: it could be the primary key's.
fn telling<'a>(cx: &ChainCx<'a>, table: &'a Table) -> Option<&'a Index> {
    let is_told = |key: &IndexKey| match key {
        IndexKey::Column(name) => table.column(name).is_some_and(|column| column.not_null),
        IndexKey::Expr(_) => false,
    };
    cx.schema
        .indexes_of(&table.name)
        .find(|index| index.unique && index.filter.is_none() && index.keys.iter().all(is_told))
}

fn keyed(cx: &ChainCx<'_>, table: &Table, index: &Index) -> Finding {
    let name = &table.name;
    let columns: Vec<String> = index.leading_columns().into_iter().map(str::to_owned).collect();
    let key = match index.constraint {
        Some(_) => format!("({})", tables::list(&columns)),
        None => format!("using index {}", bare_ident(&index.name.name)),
    };
    cx.finding(table.created, format!("`{name}` has no primary key: only `{}` tells its rows apart", index.name))
        .label("no primary key")
        .object(name)
        .see(index.created, "unique, and never null")
        .note("logical replication cannot tell its rows apart without `replica identity using index`")
        .help(format!("make it the key: `alter table {name} add primary key {key};`"))
        .touched(tables::weakened(cx.schema, name))
        .at_level(Level::Warning)
}
