//! `soft-delete`: rows that are marked, not deleted; and everything that has to know.

use super::tables;
use crate::diagnostic::Level;
use crate::lint::schema::{Column, Index, IndexKey, Table};
use crate::lint::{ChainCx, Check, Edit, EventCx, Findings, Fix, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::{Delete, PolicyCommand, Stmt, StmtKind, Visitor};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "soft-delete",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "a table has no `deleted_at`; or one has, but rows are deleted for good, a unique key counts deleted rows, or a view or policy shows them",
    effect: "what is deleted for good cannot be brought back; a deleted row keeps its name taken and turns up where nobody expects it",
    remedy: "add `deleted_at timestamptz`, set it instead of deleting, make unique indexes partial (`where deleted_at is null`), and leave deleted rows out of views and policies",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[
        RuleOption { name: "column", preset: Preset::Text("deleted_at"), help: "the column" },
        RuleOption { name: "required", preset: Preset::Flag(true), help: "want the column in every table" },
        RuleOption {
            name: "exempt",
            preset: Preset::List(&["*_log", "*_logs", "*_event", "*_events", "*_history"]),
            help: "tables without it; `*` and `?` stand for letters",
        },
        RuleOption {
            name: "hard_delete",
            preset: Preset::Flag(true),
            help: "report a `delete` from a table that has the column",
        },
        RuleOption { name: "unique", preset: Preset::Flag(true), help: "report unique keys that count deleted rows" },
        RuleOption { name: "views", preset: Preset::Flag(true), help: "report views that do not ask for the column" },
        RuleOption {
            name: "policies",
            preset: Preset::Flag(false),
            help: "report policies for reading that do not ask for it",
        },
    ],
    sources: &["https://www.postgresql.org/docs/18/indexes-partial.html"],
    bad: &[
        "\
create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
-- then
create table public.orders (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.orders is 'What was ordered.';
create trigger touch before update on public.orders for each row execute function public.touch();
",
        "create table public.orders (id uuid primary key default gen_random_uuid(), number text, deleted_at timestamptz);\n-- then\ncreate unique index orders_number_key on public.orders (number);",
        "create table public.orders (id uuid primary key default gen_random_uuid(), number text, deleted_at timestamptz);\n-- then\ndelete from public.orders where number = '17';",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), number text, deleted_at timestamptz);\ncreate unique index orders_number_key on public.orders (number) where deleted_at is null;\ncreate view public.numbers as select number from public.orders where deleted_at is null;\n-- then\nupdate public.orders set deleted_at = now() where number = '17';\ndelete from public.orders where deleted_at < now() - interval '1 year';",
    ],
    checks: &[Check::Anywhere(hard_delete), Check::Chain(at_the_end)],
};

fn hard_delete(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::Delete(delete) if delete.ctes.is_empty() => deleted(cx, delete, out),
        // A `with` may delete in any of its parts.
        StmtKind::Delete(_) | StmtKind::Select(_) | StmtKind::Insert(_) | StmtKind::Update(_) => {
            cx.stmt().walk(&mut Deletes { cx, out });
        }
        _ => {}
    }
}

struct Deletes<'a, 'b> {
    cx: &'a EventCx<'b>,
    out: &'a mut Findings,
}

impl Visitor for Deletes<'_, '_> {
    fn stmt(&mut self, stmt: &Stmt) -> bool {
        if let StmtKind::Delete(delete) = &stmt.kind {
            deleted(self.cx, delete, self.out);
        }
        true
    }
}

fn deleted(cx: &EventCx<'_>, delete: &Delete, out: &mut Findings) {
    let Some(table) = cx.table(&delete.table) else { return };
    let column = cx.options.text("column");
    if table.column(&column).is_none() || table.is_temporary() || !cx.options.flag("hard_delete") {
        return;
    }
    // Who asks for the column knows of it: old deleted rows are cleared away.
    if delete.filter.as_ref().is_some_and(|filter| tables::names_column(filter, &column)) {
        return;
    }
    let name = &table.name;
    out.push(
        cx.finding(delete.table.span, format!("rows of `{name}` are deleted for good, though it has `{column}`"))
            .label("deleted for good")
            .object(name)
            .help(format!("mark them: `update {name} set {} = now() where …`", bare_ident(&column))),
    );
}

fn at_the_end(cx: &ChainCx<'_>, out: &mut Findings) {
    let referenced = tables::referenced(cx);
    for table in tables::own(cx) {
        let options = tables::options(cx, table.created);
        if tables::named(&options.list("exempt"), &table.name) {
            continue;
        }
        match table.column(&options.text("column")) {
            Some(column) => {
                marked(cx, table, column, out);
                if options.flag("unique") {
                    let targets = referenced.get(&table.name).map_or(&[][..], Vec::as_slice);
                    unique_keys(cx, table, &column.name, targets, out);
                }
                if options.flag("policies") {
                    policies(cx, table, &column.name, out);
                }
            }
            None if options.flag("required") && table.complete => missing(cx, table, &options.text("column"), out),
            None => {}
        }
    }
    views(cx, out);
}

fn missing(cx: &ChainCx<'_>, table: &Table, column: &str, out: &mut Findings) {
    let name = &table.name;
    let clause = format!("{} timestamptz", bare_ident(column));
    let mut finding = cx
        .finding(table.created, format!("rows of `{name}` can only be deleted for good: no `{column}`"))
        .label(format!("no `{column}`"))
        .object(name)
        .touched(tables::weakened(cx.schema, name))
        .help(format!("add `{clause}`, or name the table in the option `exempt`"));
    if let Some((_, _, create)) = tables::creation(cx, table)
        && let Some(at) = tables::column_at(create)
    {
        finding = finding.fix(Fix::unchecked("add the column", vec![Edit::insert(at, format!(",\n  {clause}"))]));
    }
    out.push(finding);
}

/// A row is not deleted from the start.
fn marked(cx: &ChainCx<'_>, table: &Table, column: &Column, out: &mut Findings) {
    if !column.not_null && column.default.as_ref().is_none_or(crate::sql::ast::Expr::is_null) {
        return;
    }
    let of = format!("{}.{}", table.name, bare_ident(&column.name));
    out.push(
        cx.finding(column.created, format!("`{of}` is set from the start: every row counts as deleted"))
            .label("neither `not null` nor a default")
            .object(&table.name)
            .help(format!("write `{} timestamptz`", bare_ident(&column.name))),
    );
}

fn unique_keys(cx: &ChainCx<'_>, table: &Table, column: &str, targets: &[&[String]], out: &mut Findings) {
    for index in cx.schema.indexes_of(&table.name).filter(|index| index.unique) {
        if index.created.file.is_none() || knows(index, column) || must_be_whole(table, index, targets) {
            continue;
        }
        let columns: Vec<String> = index.leading_columns().into_iter().map(str::to_owned).collect();
        let name = &index.name;
        let finding = cx
            .finding(
                index.created,
                format!(
                    "a deleted row of `{}` keeps its place in `{name}`: nobody else can have its value",
                    table.name
                ),
            )
            .label("counts deleted rows")
            .object(&table.name);
        let filter = format!("where {} is null", bare_ident(column));
        out.push(match &index.constraint {
            Some(_) => finding.help(format!(
                "use `create unique index if not exists {} on {} ({}) {filter}` instead of the constraint",
                bare_ident(&tables::index_name(&table.name, &columns)),
                table.name,
                tables::list(&columns)
            )),
            None => finding.help(format!("add `{filter}`")),
        });
    }
}

/// Whether the index asks for the column, in its condition or its keys.
fn knows(index: &Index, column: &str) -> bool {
    index.filter.as_ref().is_some_and(|filter| tables::names_column(filter, column))
        || index.keys.iter().any(|key| match key {
            IndexKey::Column(name) => name == column,
            IndexKey::Expr(expr) => tables::names_column(expr, column),
        })
}

/// Whether the key holds for deleted rows too: it has the primary key in it, or foreign keys point to it, which a partial one
/// cannot serve.
fn must_be_whole(table: &Table, index: &Index, targets: &[&[String]]) -> bool {
    let columns = index.leading_columns();
    let has = |wanted: &[String]| !wanted.is_empty() && wanted.iter().all(|it| columns.contains(&it.as_str()));
    table.primary_key().is_some_and(|key| has(&key.columns))
        || targets.iter().any(|target| target.len() == columns.len() && has(target))
}

fn policies(cx: &ChainCx<'_>, table: &Table, column: &str, out: &mut Findings) {
    for policy in &table.policies {
        if !matches!(policy.command, PolicyCommand::All | PolicyCommand::Select) || !policy.permissive {
            continue;
        }
        let Some(using) = &policy.using else { continue };
        if tables::names_column(using, column) {
            continue;
        }
        out.push(
            cx.finding(policy.created, format!("policy `{}` shows deleted rows of `{}`", policy.name, table.name))
                .label(format!("no `{column}`"))
                .object(&table.name)
                .help(format!("add `and {} is null`", bare_ident(column))),
        );
    }
}

fn views(cx: &ChainCx<'_>, out: &mut Findings) {
    for view in cx.schema.views.values().filter(|view| view.created.file.is_some()) {
        let options = tables::options(cx, view.created);
        let column = options.text("column");
        if !options.flag("views") || view.query.exprs().iter().any(|expr| tables::is_column(expr, &column)) {
            continue;
        }
        let shown = view
            .reads
            .iter()
            .filter_map(|name| cx.schema.tables.get(name))
            .find(|table| !table.is_platform() && table.column(&column).is_some());
        if let Some(table) = shown {
            out.push(
                cx.finding(view.created, format!("`{}` shows deleted rows of `{}`", view.name, table.name))
                    .label(format!("no `{column}`"))
                    .object(&view.name)
                    .help(format!("add `where {} is null`", bare_ident(&column))),
            );
        }
    }
}
