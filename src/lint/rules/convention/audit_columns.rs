//! `audit-columns`: when was this row made, and when was it changed?

use super::tables;
use crate::diagnostic::Level;
use crate::lint::schema::{Column, Table};
use crate::lint::{
    ChainCx, Check, Edit, Findings, Fix, Fixable, Group, LintFile, Options, Preset, Profile, Rule, RuleOption,
};
use crate::sql::ast::{ColumnConstraintKind, TriggerTiming};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "audit-columns",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Error,
    opt_in: false,
    condition: "a table has no `created_at` or `updated_at`, or one that can be null, has no default or is no `timestamptz`",
    effect: "nobody can say when a row came or changed; what was not written down cannot be added later",
    remedy: "add `created_at timestamptz not null default now()` and `updated_at timestamptz not null default now()`",
    lock: None,
    fix: Fixable::Safe,
    options: &[
        RuleOption {
            name: "columns",
            preset: Preset::List(&["created_at", "updated_at"]),
            help: "the columns; `created_by` and `updated_by` can be added: of names that do not end in `_at` only the presence is asked",
        },
        RuleOption { name: "not_null", preset: Preset::Flag(true), help: "want them `not null`" },
        RuleOption { name: "default", preset: Preset::Flag(true), help: "want a default" },
        RuleOption {
            name: "exempt",
            preset: Preset::List(&[]),
            help: "tables without them; `*` and `?` stand for letters",
        },
        RuleOption {
            name: "append_only",
            preset: Preset::List(&["*_log", "*_logs", "*_event", "*_events", "*_history"]),
            help: "tables whose rows never change: they need no `updated_…`",
        },
    ],
    sources: &["https://www.postgresql.org/docs/18/ddl-default.html"],
    bad: &[
        "\
create table public.orders (
  id uuid primary key default gen_random_uuid(),
  deleted_at timestamptz
);
comment on table public.orders is 'What was ordered.';
",
        "\
create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
-- then
create table public.orders (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz,
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
comment on table public.orders is 'What was ordered.';
create trigger touch before update on public.orders for each row execute function public.touch();
",
    ],
    good: &["\
create table public.orders (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
"],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in tables::own(cx) {
        let options = tables::options(cx, table.created);
        if tables::named(&options.list("exempt"), &table.name) {
            continue;
        }
        let mut wanted = options.list("columns");
        if tables::named(&options.list("append_only"), &table.name) {
            wanted.retain(|column| !column.starts_with("updated_"));
        }
        if table.complete {
            let missing: Vec<String> = wanted.iter().filter(|it| table.column(it).is_none()).cloned().collect();
            if !missing.is_empty() {
                report_missing(cx, table, &missing, out);
            }
        }
        for column in wanted.iter().filter(|it| it.ends_with("_at")).filter_map(|it| table.column(it)) {
            report_weak(cx, table, column, options, out);
        }
    }
}

fn clause(column: &str) -> String {
    let ty = if column.ends_with("_at") { "timestamptz not null default now()" } else { "uuid" };
    format!("{} {ty}", bare_ident(column))
}

fn report_missing(cx: &ChainCx<'_>, table: &Table, missing: &[String], out: &mut Findings) {
    let name = &table.name;
    let list = missing.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(" and ");
    let clauses: Vec<String> = missing.iter().map(|column| clause(column)).collect();
    let mut finding = cx
        .finding(table.created, format!("nobody can say when a row of `{name}` came or changed: no {list}"))
        .label(format!("no {list}"))
        .object(name)
        .touched(tables::weakened(cx.schema, name))
        .help(format!("add `{}`", clauses.join(", ")));
    if let Some((_, _, create)) = tables::creation(cx, table)
        && let Some(at) = tables::column_at(create)
    {
        let text = format!(",\n  {}", clauses.join(",\n  "));
        finding = finding.fix(Fix::safe("add the columns", vec![Edit::insert(at, text)]));
    }
    out.push(finding);
}

fn report_weak(cx: &ChainCx<'_>, table: &Table, column: &Column, options: Options<'_>, out: &mut Findings) {
    let ty = column.type_name.as_ref().map(|ty| tables::base(cx.schema, ty));
    // Of a timestamp without time zone `timestamptz` speaks, where it is on.
    let path = column.created.file.and_then(|file| cx.files.get(file)).map_or("", LintFile::path);
    let told = || cx.config.level(&super::timestamptz::RULE, path).is_some();
    let wrong = ty.is_some_and(|ty| !(ty.is("timestamptz") || ty.is("timestamp") && told()));
    let nullable = options.flag("not_null") && !column.not_null;
    let bare = options.flag("default")
        && column.default.is_none()
        && column.generated.is_none()
        && !set_on_insert(cx, table, &column.name);
    let mut faults: Vec<String> = Vec::new();
    if let Some(ty) = ty.filter(|_| wrong) {
        faults.push(format!("is `{ty}` instead of `timestamptz`"));
    }
    if nullable {
        faults.push("can be null".to_owned());
    }
    if bare {
        faults.push("has no default".to_owned());
    }
    if faults.is_empty() {
        return;
    }
    let of = format!("{}.{}", table.name, bare_ident(&column.name));
    let mut finding = cx
        .finding(tables::column_place(table, column), format!("`{of}` {}", faults.join(" and ")))
        .label(faults.join(", "))
        .object(&table.name)
        .help(format!("write `{}`", clause(&column.name)));
    if !wrong && let Some(fix) = strengthen(cx, table, column, nullable, bare) {
        finding = finding.fix(fix);
    }
    out.push(finding);
}

/// Whether a trigger fills the column as a row comes.
fn set_on_insert(cx: &ChainCx<'_>, table: &Table, column: &str) -> bool {
    table.triggers.iter().any(|trigger| {
        trigger.timing == TriggerTiming::Before
            && trigger.events.iter().any(|event| event == "insert")
            && tables::may_set(cx, &trigger.function, column)
    })
}

fn strengthen(cx: &ChainCx<'_>, table: &Table, column: &Column, nullable: bool, bare: bool) -> Option<Fix> {
    let (_, _, create) = tables::creation(cx, table)?;
    let written = tables::definition(create, &column.name)?;
    if written.constraints.iter().any(|it| matches!(it.kind, ColumnConstraintKind::Null)) {
        return None;
    }
    let mut text = String::new();
    if nullable {
        text.push_str(" not null");
    }
    if bare {
        text.push_str(" default now()");
    }
    let at = written.type_name.as_ref()?.span.end;
    Some(Fix::safe("make it `not null default now()`", vec![Edit::insert(at, text)]))
}
