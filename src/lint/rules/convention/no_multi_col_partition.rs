//! `no-multi-col-partition`: partitions by several columns.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::StmtKind;
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "no-multi-col-partition",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a table is partitioned by more than one column",
    effect: "bounds compare the columns as one row, the first decides almost always, and queries without it read every partition",
    remedy: "partition by one column, and the partitions again where that is not enough",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createtable.html#SQL-CREATETABLE-PARTITION"],
    bad: &[concat!(
        "create table public.visits (\n  id uuid not null default gen_random_uuid(),\n  region text not null,\n  day date not null,\n",
        "  created_at timestamptz not null default now(),\n  updated_at timestamptz not null default now(),\n  deleted_at timestamptz,\n",
        "  primary key (region, day, id)\n) partition by range (region, day);\ncomment on table public.visits is 'Who came when.';\n",
        "create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;\n",
        "create trigger touch before update on public.visits for each row execute function public.touch();"
    )],
    good: &[
        "create table public.visits (\n  id uuid not null default gen_random_uuid(),\n  day date not null,\n  primary key (day, id)\n) partition by range (day);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateTable(create) = &cx.stmt().kind else { return };
    let Some((strategy, keys)) = &create.partition_by else { return };
    let [first, .., last] = keys.as_slice() else { return };
    let table = cx.schema.creation(&create.name);
    out.push(
        cx.finding(
            Span::new(first.span.start, last.span.end),
            format!("`{table}` is partitioned by {} columns, which bounds compare as one {strategy} key", keys.len()),
        )
        .label("several columns")
        .object(&table)
        .help("partition by one column, and the partitions again where that is not enough"),
    );
}
