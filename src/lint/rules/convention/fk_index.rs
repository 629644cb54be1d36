//! `fk-index`: a foreign key that every deletion has to search for.

use super::tables;
use crate::diagnostic::Level;
use crate::lint::rules::suggest;
use crate::lint::schema::{Constraint, ConstraintDef, Dropped, Index, QName, Reference, Table, TableKind};
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Expr, ExprKind, Ident, ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "fk-index",
    group: Group::Convention,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "no index begins with the columns of a foreign key at the end of the chain; primary and unique keys count, and partial indexes only `where` the columns are not null; a warning where dynamic SQL may have made the index",
    effect: "PostgreSQL makes no such index by itself: every delete or key update of a row referred to reads the whole table, and so does every join back",
    remedy: "create an index on the columns",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
    bad: &["\
create table public.users (id uuid primary key default gen_random_uuid());
create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
-- then
create table public.orders (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.users (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
comment on table public.orders is 'What was ordered.';
create trigger touch before update on public.orders for each row execute function public.touch();
"],
    good: &[
        "create table public.users (id uuid primary key default gen_random_uuid());\ncreate table public.orders (\n  id uuid primary key default gen_random_uuid(),\n  user_id uuid references public.users (id)\n);\ncreate index orders_user_id_idx on public.orders (user_id) where user_id is not null;",
        "create table public.users (id uuid primary key default gen_random_uuid());\ncreate table public.settings (user_id uuid primary key references public.users (id));",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in tables::own(cx) {
        for constraint in &table.constraints {
            let ConstraintDef::ForeignKey(reference) = &constraint.def else { continue };
            if constraint.created.file.is_none() || constraint.columns.is_empty() {
                continue;
            }
            if !cx.schema.indexes_of(&table.name).any(|index| serves(index, &constraint.columns)) {
                report(cx, table, constraint, reference, out);
            }
        }
    }
}

/// Whether the check of a foreign key on these columns can use the index.
fn serves(index: &Index, columns: &[String]) -> bool {
    if !matches!(index.method.as_str(), "btree" | "hash" | "") {
        return false;
    }
    match &index.filter {
        None => index.covers(columns),
        // The check never looks for a null, and the planner knows that `column = $1` implies it.
        Some(filter) => only_not_null(filter, columns) && Index { filter: None, ..index.clone() }.covers(columns),
    }
}

/// Whether a condition says nothing but that some of the columns are not null.
fn only_not_null(filter: &Expr, columns: &[String]) -> bool {
    match &filter.kind {
        ExprKind::Is { expr, not: true, what } => {
            what == "null" && columns.iter().any(|it| tables::is_column(expr, it))
        }
        ExprKind::Binary { op, left, right } if op == "and" => {
            only_not_null(left, columns) && only_not_null(right, columns)
        }
        _ => false,
    }
}

fn report(cx: &ChainCx<'_>, table: &Table, constraint: &Constraint, reference: &Reference, out: &mut Findings) {
    let (name, columns) = (&table.name, tables::list(&constraint.columns));
    let index = tables::index_name(name, &constraint.columns);
    let message =
        format!("each delete in `{}` reads all of `{name}`: no index begins with ({columns})", reference.table);
    let mut finding = cx
        .finding(constraint.created, message)
        .label("no index")
        .object(name)
        .touched(tables::weakened(cx.schema, name));
    let partial = cx
        .schema
        .indexes_of(name)
        .find(|index| index.filter.is_some() && Index { filter: None, ..(*index).clone() }.covers(&constraint.columns));
    if let Some(partial) = partial {
        finding = finding
            .see(partial.created, "this one has a `where`")
            .note("the check of a foreign key must see every row: it cannot use an index with a `where`");
    }
    if let Some(dynamic) = cx.schema.opaque.first() {
        finding = finding.at_level(Level::Warning).see(
            *dynamic,
            "what runs here is put together at run time, and may make the index: hence a warning, no error",
        );
    }
    let file = constraint.created.file.and_then(|file| cx.files.get(file));
    // What has run is mended by what comes after it.
    let same_file = file.is_some_and(|file| table.created.is_in(file.id) && !cx.config.applied.contains(file.path()));
    let fix = if same_file {
        let at = file.and_then(|file| tables::behind(file, constraint.created.span));
        let sql = suggest::index(&index, name, &columns);
        finding = finding.help(sql.as_str());
        at.map(|at| Fix::safe("create the index", vec![Edit::insert(at, format!("\n{sql}"))]))
    } else if table.kind == TableKind::Partitioned {
        finding = finding.help(suggest::index(&index, name, &columns));
        None
    } else {
        let sql = suggest::concurrent_index(&index, name, &columns);
        finding = finding.help(format!("in a migration of its own:\n{sql}"));
        let fix = Fix::safe("create the index in a new migration", Vec::new());
        Some(fix.adding(format!("index_{index}"), suggest::outside_transaction(&sql)))
    };
    // Who drops the index means it: whether it comes back is not for a fix to decide.
    if let Some(fix) = fix.filter(|_| !was_dropped(cx, name, &constraint.columns, &index)) {
        finding = finding.fix(fix);
    }
    out.push(finding);
}

/// Whether the chain has dropped an index on these columns, which has the name that PostgreSQL makes up or another one.
fn was_dropped(cx: &ChainCx<'_>, table: &QName, columns: &[String], index: &str) -> bool {
    let of_schema = |it: &&Dropped| it.kind == ObjectKind::Index && it.existed && it.name.schema == table.schema;
    let dropped: Vec<&str> = cx.schema.dropped.iter().filter(of_schema).map(|it| it.name.name.as_str()).collect();
    if dropped.is_empty() {
        return false;
    }
    cx.files.iter().flat_map(|file| &file.events).any(|event| {
        let StmtKind::CreateIndex(create) = &event.stmt.kind else { return false };
        let name = create.name.as_ref().map_or(index, |name| name.value.as_str());
        let first = create.elements.first().and_then(|element| element.expr.as_column()).and_then(<[Ident]>::last);
        dropped.contains(&name)
            && cx.schema.resolve(&create.table) == *table
            && first.is_some_and(|first| columns.contains(&first.value))
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::convention::probe::found;

    const TABLES: &str = "create table public.a (id uuid primary key);
create table public.b (x uuid, y uuid, z uuid references public.a, deleted_at timestamptz);\n";

    #[test]
    fn only_an_index_that_every_check_can_use_counts() {
        for (index, enough) in [
            ("create index on public.b (z)", true),
            ("create index on public.b (z, x)", true),
            ("create index on public.b (x, z)", false),
            ("create index on public.b (z) where z is not null", true),
            ("create index on public.b (z) where deleted_at is null", false),
            ("create index on public.b using gin (z)", false),
            ("create unique index on public.b (z)", true),
            ("alter table public.b add primary key (z, y)", true),
            ("create index on public.b ((z::text))", false),
            ("alter table public.b drop column z", true),
        ] {
            assert_eq!(found("fk-index", &format!("{TABLES}{index};")).is_empty(), enough, "{index}");
        }
    }

    #[test]
    fn an_index_that_was_dropped_on_purpose_does_not_come_back() {
        let sql = format!("{TABLES}create index b_z on public.b (z);\ndrop index public.b_z;\n");
        let found = found("fk-index", &sql);
        assert!(found.len() == 1 && found[0].1 == sql, "{found:?}");
    }
}
