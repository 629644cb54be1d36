//! `mixed-ddl-dml`: a migration changes the schema and the rows of a table that was there before.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use crate::lint::schema::Place;
use crate::lint::{Event, Origin};
use crate::sql::ast::{Name, ObjectKind, Persistence, Stmt, StmtKind, TableActionKind, Visitor};
use crate::text::Span;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    id: "mixed-ddl-dml",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a migration changes the schema and the rows of a table that was there before",
    effect: "the locks of the schema change are held until the rows are done, and when the rows fail the schema change goes back with them",
    remedy: "put the rows into a migration of their own, behind this one",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://docs.gitlab.com/development/database/migrations/migration_style_guide/#data-migration"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\nalter table public.orders add column note text;\nupdate public.orders set note = '' where note is null;\n",
    ],
    good: &[
        "create table public.moods (mood text primary key);\ninsert into public.moods values ('sad'), ('glad') on conflict do nothing;\n",
        "create table public.orders (id bigint primary key);\n-- then\nupdate public.orders set id = id where id > 0;\n",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let runs = |event: &&Event| event.origin != Origin::Routine;
    let Some(schema) = cx.file.events.iter().filter(runs).find(|event| changes_schema(&event.stmt.kind)) else {
        return;
    };
    let made: BTreeSet<&str> = cx.file.events.iter().filter(runs).filter_map(|event| made(&event.stmt.kind)).collect();
    let rows = cx.file.events.iter().filter(runs).find_map(|event| {
        let is_data = |table: &&Name| {
            let schema = table.schema().unwrap_or("public");
            // What the platform keeps its settings in is no data: buckets, jobs.
            let is_platform =
                cx.schema.managed.contains(schema) || matches!(schema, "cron" | "vault" | "pg_temp" | "pg_catalog");
            !made.contains(table.object()) && !is_platform
        };
        Some((event, written_to(&event.stmt).into_iter().find(is_data)?))
    });
    let Some((event, table)) = rows else { return };
    let name = cx.schema.resolve(table);
    out.push(
        cx.finding(table.span, format!("changes rows of `{name}` in the same migration as the schema"))
            .label("rows of a table that was there before")
            .see(Place::new(cx.file.id, head(schema.stmt.span, cx.file.text())), "the schema is changed here")
            .object(&name)
            .help(help(cx, event)),
    );
}

/// Where the rows belong: behind the schema's change, before it where that needs them done, or between two halves of it.
fn help(cx: &FileCx<'_>, rows: &Event) -> String {
    let used = used(rows);
    let is_used = |name: &Name| {
        let name = cx.schema.resolve(name);
        used.iter().any(|used| cx.schema.resolve(used) == name)
    };
    let changes = |event: &&Event| match &event.stmt.kind {
        _ if event.origin == Origin::Routine => false,
        StmtKind::AlterTable(alter) => is_used(&alter.name),
        StmtKind::Drop(drop) => drop.names.iter().any(is_used),
        _ => false,
    };
    let events = || cx.file.events.iter().filter(changes).map(|event| event.stmt.span.start);
    let (before, after) =
        (events().any(|at| at < rows.stmt.span.start), events().find(|at| *at > rows.stmt.span.start));
    let verb = verb(rows.stmt.writes().first().map_or(&rows.stmt.kind, |it| &it.kind));
    match after {
        None => format!("put this {verb} into a migration of its own, behind this one"),
        Some(_) if !before => format!("put this {verb} into a migration of its own, before this one"),
        Some(at) => {
            let line = cx.file.source.position(at).line;
            format!(
                "split the file in three: what stands before this {verb}, the {verb}, and what needs it done (from line {line} on)"
            )
        }
    }
}

/// The relations that a statement reads and writes.
fn used(event: &Event) -> Vec<Name> {
    struct Used(Vec<Name>);
    impl Visitor for Used {
        fn relation(&mut self, name: &Name) {
            self.0.push(name.clone());
        }
    }
    let mut used = Used(written_to(&event.stmt).into_iter().cloned().collect());
    event.stmt.walk(&mut used);
    used.0
}

/// The first line of a statement.
fn head(span: Span, text: &str) -> Span {
    let line = span.of(text).lines().next().unwrap_or_default();
    Span::new(span.start, span.start + line.len())
}

fn verb(kind: &StmtKind) -> &'static str {
    match kind {
        StmtKind::Insert(_) => "`insert`",
        StmtKind::Update(_) => "`update`",
        StmtKind::Delete(_) => "`delete`",
        StmtKind::Copy(_) => "`copy`",
        _ => "`merge`",
    }
}

/// The tables whose rows a statement changes, also in its `with`.
fn written_to(stmt: &Stmt) -> Vec<&Name> {
    let mut found: Vec<&Name> = stmt.writes().into_iter().filter_map(target).collect();
    if let StmtKind::Copy(copy) = &stmt.kind {
        found.extend(copy.table.iter().filter(|_| copy.from));
    }
    found
}

fn target(stmt: &Stmt) -> Option<&Name> {
    match &stmt.kind {
        StmtKind::Insert(it) => Some(&it.table),
        StmtKind::Update(it) => Some(&it.table),
        StmtKind::Delete(it) => Some(&it.table),
        StmtKind::Merge(it) => Some(&it.table),
        _ => None,
    }
}

fn made(kind: &StmtKind) -> Option<&str> {
    match kind {
        StmtKind::CreateTable(it) => Some(it.name.object()),
        StmtKind::CreateTableAs(it) => Some(it.name.object()),
        StmtKind::CreateView(it) => Some(it.name.object()),
        StmtKind::AlterTable(it) => it.actions.iter().find_map(|action| match &action.kind {
            TableActionKind::Rename(to) => Some(to.value.as_str()),
            _ => None,
        }),
        _ => None,
    }
}

/// What takes locks on tables until the end, or is lost with a failure.
fn changes_schema(kind: &StmtKind) -> bool {
    match kind {
        StmtKind::CreateTable(it) => it.persistence != Persistence::Temporary,
        StmtKind::CreateTableAs(it) => it.persistence != Persistence::Temporary,
        StmtKind::AlterTable(_)
        | StmtKind::CreateIndex(_)
        | StmtKind::CreateView(_)
        | StmtKind::CreateTrigger(_)
        | StmtKind::CreatePolicy(_)
        | StmtKind::CreateType(_)
        | StmtKind::AlterEnum(_)
        | StmtKind::CreateDomain(_) => true,
        StmtKind::Drop(it) => !matches!(it.kind, ObjectKind::Function | ObjectKind::Procedure),
        _ => false,
    }
}
