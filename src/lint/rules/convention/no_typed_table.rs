//! `no-typed-table`: tables whose columns belong to a type.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "no-typed-table",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "`create table … of type`",
    effect: "columns can be added and dropped by `alter type … cascade` only, which locks and changes every table of the type at once",
    remedy: "list the columns",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createtable.html"],
    bad: &[concat!(
        "create type public.person as (\n  id uuid,\n  created_at timestamptz,\n  updated_at timestamptz,\n  deleted_at timestamptz\n);\n",
        "create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;\n-- then\n",
        "create table public.people of public.person (\n  id with options primary key default gen_random_uuid(),\n",
        "  created_at with options not null default now(),\n  updated_at with options not null default now()\n);\n",
        "comment on table public.people is 'Who works here.';\n",
        "create trigger touch before update on public.people for each row execute function public.touch();"
    )],
    good: &["create table public.people (id uuid primary key default gen_random_uuid());"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateTable(create) = &cx.stmt().kind else { return };
    let Some(of) = &create.of_type else { return };
    let table = cx.schema.creation(&create.name);
    out.push(
        cx.finding(of.span, format!("the columns of `{table}` can be changed only through the type `{of}`"))
            .label("a typed table")
            .object(&table)
            .help("list the columns"),
    );
}
