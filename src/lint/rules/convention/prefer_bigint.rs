//! `prefer-bigint`: numbers of rows that run out.

use super::types::{self, Role, Used};
use crate::diagnostic::Level;
use crate::lint::schema::{Column, ConstraintDef, Schema, Table};
use crate::lint::{Check, EventCx, Findings, Fix, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::{ColumnConstraintKind, ConstraintKind, CreateTable, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "prefer-bigint",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "a column that numbers rows is `integer`, `smallint`, `serial` or `smallserial`: one of a primary or foreign key, \
                one that a sequence or `identity` fills, or one called `id`, `…_id`, `seq` or `…_seq`",
    effect: "an `integer` ends at 2147483647, a `smallint` at 32767: then every insert fails, and the way out rewrites the table under ACCESS EXCLUSIVE",
    remedy: "use `bigint`; with the padding around it, it often takes no more space",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[
        RuleOption { name: "integer", preset: Preset::Flag(true), help: "report `integer` and `serial`" },
        RuleOption { name: "smallint", preset: Preset::Flag(true), help: "report `smallint` and `smallserial`" },
        RuleOption {
            name: "all_columns",
            preset: Preset::Flag(false),
            help: "report whatever has the type, also what numbers no rows: ratings, attributes, domains",
        },
    ],
    sources: &["https://www.postgresql.org/docs/18/datatype-numeric.html#DATATYPE-INT"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column legacy_id integer;",
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column number integer generated always as identity;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column legacy_id bigint;",
        "create table public.orders (id uuid primary key default gen_random_uuid(), rating smallint, seats integer);",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let all = cx.options.flag("all_columns");
    types::stored(cx, |used| {
        if used.ty.schema.is_some() {
            return;
        }
        let Some((end, new)) = wider(&used.ty.name) else { return };
        let numbers = all || is_number(&used, cx);
        if !numbers && !matches!(used.role, Role::Column | Role::Altered) || !is_wanted(cx, &used.ty.name) {
            return;
        }
        let mut finding = used
            .finding(cx, format!("{} ends at {end}: then every insert fails", used.subject(cx)))
            .label(format!("`{}`", used.ty.name))
            .help(format!("use `{new}`"))
            .note("some drivers hand a `bigint` to the program as a string")
            // Those say what the whole column should be, its type included.
            .yields(&["uuid-id", "prefer-identity"])
            .fix(Fix::unchecked(format!("make it `{new}`"), vec![used.renamed(cx, new)]));
        if !numbers {
            // A later statement may make it a key.
            if finding.typed.is_none() {
                return;
            }
            finding = finding.holds(numbers_rows);
        }
        out.push(finding);
    });
}

/// Whether the options of the rule ask for this type.
fn is_wanted(cx: &EventCx<'_>, name: &str) -> bool {
    cx.options.flag(if name.starts_with("small") { "smallint" } else { "integer" })
}

/// Where a type ends, and the one to use instead.
fn wider(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "integer" => ("2147483647", "bigint"),
        "serial" => ("2147483647", "bigserial"),
        "smallint" => ("32767", "bigint"),
        "smallserial" => ("32767", "bigserial"),
        _ => return None,
    })
}

/// The type without that end, for a column that a sequence fills; `None` where this rule would not have it so.
pub(super) fn widened(cx: &EventCx<'_>, serial: &str) -> Option<&'static str> {
    let path = cx.file.path();
    cx.config.level(&RULE, path)?;
    let options = crate::lint::Options { config: cx.config, rule: &RULE, path };
    options.flag(if serial == "smallserial" { "smallint" } else { "integer" }).then_some("bigint")
}

/// Whether the statement itself says that the column numbers rows.
fn is_number(used: &Used<'_>, cx: &EventCx<'_>) -> bool {
    if !matches!(used.role, Role::Column | Role::Altered | Role::Computed) {
        return false;
    }
    if names_number(used.name) || used.ty.name.ends_with("serial") {
        return true;
    }
    let of_column = used.column.is_some_and(|column| {
        column.constraints.iter().any(|it| {
            matches!(
                it.kind,
                ColumnConstraintKind::PrimaryKey
                    | ColumnConstraintKind::References(_)
                    | ColumnConstraintKind::Identity(_)
            )
        })
    });
    of_column || matches!(&cx.stmt().kind, StmtKind::CreateTable(create) if is_key(create, used.name))
}

fn names_number(name: &str) -> bool {
    matches!(name, "id" | "seq") || name.ends_with("_id") || name.ends_with("_seq")
}

fn is_key(create: &CreateTable, name: &str) -> bool {
    create.constraints.iter().any(|it| match &it.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::ForeignKey { columns, .. } => {
            columns.iter().any(|column| column.value == name)
        }
        _ => false,
    })
}

/// Whether a column numbers rows as the chain leaves it.
fn numbers_rows(schema: &Schema, table: &Table, column: &Column) -> bool {
    if names_number(&column.name) || column.identity.is_some() {
        return true;
    }
    let of_table = table.constraints.iter().any(|it| {
        matches!(it.def, ConstraintDef::PrimaryKey | ConstraintDef::ForeignKey(_)) && it.columns.contains(&column.name)
    });
    let owned = || schema.sequences.values().any(|(_, by)| is_by(by.as_ref(), table, column));
    let referred = || {
        schema.tables.values().flat_map(|other| &other.constraints).any(|it| match &it.def {
            ConstraintDef::ForeignKey(to) => to.table == table.name && to.columns.contains(&column.name),
            _ => false,
        })
    };
    of_table || owned() || referred()
}

fn is_by(owner: Option<&(crate::lint::schema::QName, String)>, table: &Table, column: &Column) -> bool {
    owner.is_some_and(|(of, name)| *of == table.name && *name == column.name)
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::convention::probe::found;

    #[test]
    fn only_columns_that_number_rows_are_told_of() {
        let sql = "create type pair as (id int, b int);
create domain stars as smallint;
create table a (key int, rating int2, code integer unique, seats int, no serial, at_id int4);
create table b (a_key int, code int, n int, primary key (n, a_key));
alter table a add primary key (key);
alter table b add foreign key (code) references a (code);
create function f() returns void language plpgsql as $$ begin create table made (seats int, id int); end $$;";
        let spans: Vec<_> = found("prefer-bigint", sql).into_iter().map(|it| it.1).collect();
        let changed: Vec<_> = spans
            .iter()
            .map(|mended| {
                let at = mended.bytes().zip(sql.bytes()).take_while(|(one, other)| one == other).count();
                sql[..at].rsplit([' ', '(']).nth(1).unwrap_or_default().to_owned()
            })
            .collect();
        assert_eq!(changed, ["key", "code", "no", "at_id", "a_key", "code", "n", "id"]);
    }
}
