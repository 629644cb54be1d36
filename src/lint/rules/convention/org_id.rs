//! `org-id`: every row of a tenant says whose it is.

use super::{tables, tenant};
use crate::diagnostic::Level;
use crate::lint::rules::suggest;
use crate::lint::schema::{Column, IndexKey, Table};
use crate::lint::{ChainCx, Check, Edit, Finding, Findings, Fix, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::TypeName;
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "org-id",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Error,
    opt_in: false,
    condition: "a table has no tenant column, or one that is no `uuid not null` with a foreign key to the tenants and an index; silent where no migration makes the table of tenants",
    effect: "a row whose owner is not written in it can only be kept apart from other tenants' rows by joins that every query and policy must get right",
    remedy: "add `org_id uuid not null references organizations (id)` and an index that begins with it",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[RuleOption {
        name: "unique_keys",
        preset: Preset::Flag(false),
        help: "want the tenant column in every unique key, so that tenants do not take each other's names",
    }],
    sources: &["https://www.postgresql.org/docs/18/ddl-rowsecurity.html"],
    bad: &[
        "\
create table public.organizations (id uuid primary key default gen_random_uuid());
create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
-- then
create table public.projects (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
comment on table public.projects is 'What an organization works on.';
create trigger touch before update on public.projects for each row execute function public.touch();
",
        "\
create table public.organizations (id uuid primary key default gen_random_uuid());
create table public.projects (id uuid primary key default gen_random_uuid());
-- then
alter table public.projects add column org_id uuid references public.organizations (id);
create index projects_org_id_idx on public.projects (org_id);
",
    ],
    good: &[
        "create table public.organizations (id uuid primary key default gen_random_uuid());\ncreate table public.projects (\n  id uuid primary key default gen_random_uuid(),\n  org_id uuid not null references public.organizations (id)\n);\ncreate index projects_org_id_idx on public.projects (org_id);",
        "create table public.organizations (id uuid primary key default gen_random_uuid());\ncreate table public.settings (id uuid primary key references public.organizations (id));",
        "-- no migration makes a table of tenants\ncreate table public.projects (id uuid primary key default gen_random_uuid());",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    let Some(tenants) = tenant::tenants(cx) else { return };
    for table in tables::own(cx).filter(|table| tenant::belongs(cx, table, tenants)) {
        match tenant::column(cx, table, tenants) {
            Some(column) => {
                strong(cx, table, column, tenants, out);
                if tables::options(cx, table.created).flag("unique_keys") {
                    unique_keys(cx, table, column, out);
                }
            }
            None if table.complete => missing(cx, table, tenants, out),
            None => {}
        }
    }
}

/// `public.organizations (id)`.
fn target(tenants: &Table) -> String {
    let key = tenants.primary_key().and_then(|key| key.columns.first()).map_or("id", String::as_str);
    format!("{} ({})", tenants.name, bare_ident(key))
}

/// The type of the tenants' key.
fn key_type(cx: &ChainCx<'_>, tenants: &Table) -> String {
    let key =
        tenants.primary_key().and_then(|key| tenants.column(key.columns.first()?)).and_then(|it| it.type_name.as_ref());
    key.map_or_else(|| "uuid".to_owned(), |ty| tables::base(cx.schema, ty).to_string())
}

fn missing(cx: &ChainCx<'_>, table: &Table, tenants: &Table, out: &mut Findings) {
    let (name, column) = (&table.name, &cx.config.tenant_column);
    let clause = format!("{} {} not null references {}", bare_ident(column), key_type(cx, tenants), target(tenants));
    let mut finding = cx
        .finding(table.created, format!("the rows of `{name}` do not say whose they are: no `{column}`"))
        .label(format!("no `{column}`"))
        .object(name)
        .touched(tables::weakened(cx.schema, name));
    // A table that is older than that of the tenants cannot refer to it where it is made.
    let order = |table: &Table| (table.created.file, table.created.span.start);
    if order(table) < order(tenants) {
        let nullable = clause.replacen(" not null", "", 1);
        out.push(finding.see(tenants.created, "the tenants come later").help(format!(
            "add it in a migration of its own, fill it and make it `not null`: `alter table {name} add column \
             {nullable};`; or name the table in `tenant_exempt` when it belongs to all"
        )));
        return;
    }
    finding = finding.help(format!("add `{clause}`, or name the table in `tenant_exempt` when it belongs to all"));
    if let Some((_, _, create)) = tables::creation(cx, table)
        && let Some(at) = tables::column_at(create)
    {
        let mut edits = vec![Edit::insert(at, format!(",\n  {clause}"))];
        // Of its index `fk-index` would speak next.
        if let Some(end) = place_behind(cx, table) {
            let sql =
                suggest::index(&tables::index_name(name, std::slice::from_ref(column)), name, &bare_ident(column));
            edits.push(Edit::insert(end, format!("\n{sql}")));
        }
        finding = finding.fix(Fix::unchecked("add the column and its index", edits));
    }
    out.push(finding);
}

/// Behind the statement that creates the table.
fn place_behind(cx: &ChainCx<'_>, table: &Table) -> Option<usize> {
    let file = cx.files.get(table.created.file?)?;
    tables::behind(file, table.created.span)
}

fn strong(cx: &ChainCx<'_>, table: &Table, column: &Column, tenants: &Table, out: &mut Findings) {
    let of = format!("{}.{}", table.name, bare_ident(&column.name));
    let mut push = |message: String, label: &str, help: String, add: Option<&str>| {
        let mut finding =
            cx.finding(tables::column_place(table, column), message).label(label).object(&table.name).help(help);
        finding = finding.touched(tables::weakened(cx.schema, &table.name));
        if let Some(fix) = add.and_then(|add| append(cx, table, column, add)) {
            finding = finding.fix(fix);
        }
        out.push(finding);
    };
    let ty = column.type_name.as_ref().map(|ty| tables::base(cx.schema, ty));
    // Whoever keys tenants by numbers has said so in their table.
    let wanted = key_type(cx, tenants);
    if let Some(ty) = ty.filter(|ty| !ty.is("uuid") && !same(ty, &wanted)) {
        push(
            format!("`{of}` is `{ty}`, the tenants have `{wanted}`"),
            "another type",
            format!("make it `{wanted}`"),
            None,
        );
    }
    if !column.not_null {
        let help = "make it `not null`; a row of all tenants belongs in a table of its own".to_owned();
        push(format!("`{of}` can be null: such a row belongs to nobody"), "can be null", help, Some(" not null"));
    }
    let refers = |it: &(&crate::lint::schema::Constraint, _)| it.0.columns.contains(&column.name);
    if !tenant::foreign_keys(table).any(|it| refers(&it)) {
        let clause = format!(" references {}", target(tenants));
        let message = format!("`{of}` may name a tenant that does not exist: no foreign key");
        push(message, "no foreign key", format!("add `{}`", clause.trim()), Some(&clause));
    }
    // Of a foreign key's own index `fk-index` speaks.
    let own = std::slice::from_ref(&column.name);
    let keyed = tenant::foreign_keys(table).any(|(constraint, _)| constraint.columns == own);
    if !keyed && !cx.schema.indexes_of(&table.name).any(|index| index.covers(own)) {
        let index = tables::index_name(&table.name, own);
        let same_file = column.created.file == table.created.file;
        let make = if same_file { suggest::index } else { suggest::concurrent_index };
        let help = make(&index, &table.name, &bare_ident(&column.name));
        push(
            format!("every query by tenant reads all of `{}`: no index begins with `{}`", table.name, column.name),
            "no index",
            help,
            None,
        );
    }
}

fn same(ty: &TypeName, wanted: &str) -> bool {
    let plain = |name: &str| match name {
        "serial" => "integer".to_owned(),
        "bigserial" => "bigint".to_owned(),
        "smallserial" => "smallint".to_owned(),
        other => other.to_owned(),
    };
    plain(&ty.to_string()) == plain(wanted)
}

/// Adds to the column's definition, where its table is created with it.
fn append(cx: &ChainCx<'_>, table: &Table, column: &Column, text: &str) -> Option<Fix> {
    let (_, _, create) = tables::creation(cx, table)?;
    let written = tables::definition(create, &column.name)?;
    Some(Fix::unchecked(format!("add `{}`", text.trim()), vec![Edit::insert(written.span.end, text)]))
}

fn unique_keys(cx: &ChainCx<'_>, table: &Table, column: &Column, out: &mut Findings) {
    for index in cx.schema.indexes_of(&table.name).filter(|index| index.unique && index.created.file.is_some()) {
        let primary = |it: &String| table.primary_key().is_some_and(|key| key.name == *it);
        let has = index.keys.iter().any(|key| match key {
            IndexKey::Column(name) => *name == column.name,
            IndexKey::Expr(expr) => tables::names_column(expr, &column.name),
        });
        if has || index.constraint.as_ref().is_some_and(primary) {
            continue;
        }
        let finding: Finding = cx
            .finding(index.created, format!("`{}` lets one tenant take a value from all others", index.name))
            .label(format!("without `{}`", column.name))
            .object(&table.name)
            .help(format!("begin it with `{}`", bare_ident(&column.name)));
        out.push(finding);
    }
}
