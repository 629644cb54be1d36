//! The language server as an editor meets it: what it shows while a migration is written, what it offers, and how it ends.

use std::time::Instant;

use serde_json::{Value, json};

use crate::support::{Editor, Project};

const OLD: &str = "migrations/20240101000000_orders.sql";
const NEW: &str = "migrations/20240102000000_change.sql";

/// A table that is in use, and a migration.
fn project(old: &str, new: &str) -> Project {
    Project::new().file("dbctl.toml", "[lint]\nprofile = \"postgres\"\n").file(OLD, old).file(NEW, new)
}

/// The diagnostic of a rule.
fn of<'a>(diagnostics: &'a [Value], rule: &str) -> Option<&'a Value> {
    diagnostics.iter().find(|it| it["code"] == rule)
}

fn has(diagnostics: &[Value], rule: &str) -> bool {
    of(diagnostics, rule).is_some()
}

fn action<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    let titles: Vec<_> = actions.iter().map(|it| &it["title"]).collect();
    let found = actions.iter().find(|it| it["title"].as_str().unwrap().contains(title));
    found.unwrap_or_else(|| panic!("no action `{title}` among {titles:?}"))
}

const TABLE: &str = "create table public.orders (id bigint primary key, total numeric);\n";
const INDEX: &str = "create index orders_total_idx on public.orders (total);\n";

#[test]
fn a_finding_is_shown_and_mended() {
    let project = project(TABLE, INDEX);
    let mut editor = Editor::new(&project, &[]);
    let shown = editor.open(NEW);
    let found = of(&shown, "concurrent-index-create").unwrap();
    assert_eq!(found["severity"], 1, "{found}");
    assert_eq!(found["source"], "dbctl");
    assert!(found["message"].as_str().unwrap().contains("SHARE"), "{found}");
    assert!(found["data"]["fix"]["edits"].is_array(), "{found}");
    let hover = editor.hover(NEW, &found["range"]["start"]);
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert!(hover["contents"]["value"].as_str().unwrap().starts_with("# concurrent-index-create"), "{hover}");

    let actions = editor.actions(NEW, &found["range"], Some("quickfix"));
    let mend = actions.iter().find(|it| it["diagnostics"][0]["code"] == "concurrent-index-create").unwrap();
    let shown = editor.apply(NEW, &mend.clone()).unwrap();
    assert!(!has(&shown, "concurrent-index-create"), "{}", editor.text(NEW));
    assert!(editor.text(NEW).contains("concurrently"));
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn all_that_is_safe_is_mended_at_once() {
    let project = project(TABLE, INDEX);
    let mut editor = Editor::new(&project, &[]);
    editor.open(NEW);
    let nowhere = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let actions = editor.actions(NEW, &nowhere, Some("source.fixAll"));
    assert_eq!(actions.len(), 1, "{actions:?}");
    assert_eq!(actions[0]["kind"], "source.fixAll.dbctl");
    let shown = editor.apply(NEW, &actions[0].clone()).unwrap();
    assert!(!has(&shown, "concurrent-index-create"), "{}", editor.text(NEW));
}

#[test]
fn a_finding_is_ignored_with_a_reason() {
    let project = project(TABLE, INDEX);
    let mut editor = Editor::new(&project, &[]);
    let shown = editor.open(NEW);
    let range = of(&shown, "concurrent-index-create").unwrap()["range"].clone();
    let actions = editor.actions(NEW, &range, Some("quickfix"));
    let ignore = action(&actions, "ignore `concurrent-index-create`").clone();
    let shown = editor.apply(NEW, &ignore).unwrap();
    assert!(has(&shown, "ignore-without-reason"));
    let text = editor.text(NEW).replace("-create: ", "-create: the table is empty");
    let shown = editor.change(NEW, &text);
    assert!(!has(&shown, "concurrent-index-create") && !has(&shown, "ignore-without-reason"), "{text}");
}

#[test]
fn a_fix_adds_the_migration_behind_the_newest() {
    let old = "create table public.users (id bigint primary key);\n\
               create table public.orders (id bigint primary key, user_id bigint);\n";
    let new = "alter table public.orders add constraint orders_user_fkey foreign key (user_id) \
               references public.users (id) not valid;\n";
    let project = project(old, new);
    let mut editor = Editor::new(&project, &[]);
    let shown = editor.open(NEW);
    let range = of(&shown, "constraint-never-validated").unwrap_or_else(|| panic!("{shown:?}"))["range"].clone();
    let actions = editor.actions(NEW, &range, Some("quickfix"));
    let mend = actions.iter().find(|it| it["diagnostics"][0]["code"] == "constraint-never-validated").unwrap();
    editor.apply(NEW, &mend.clone());
    let made: Vec<String> = project.files().iter().map(|path| path.display().to_string()).collect();
    let is_new = |path: &&String| path.contains("validate_orders_user_fkey") && !path.ends_with(".down.sql");
    let made = made.iter().find(is_new).unwrap_or_else(|| panic!("{made:?}"));
    let text = fs_err::read_to_string(made).unwrap();
    assert!(text.contains("validate constraint"), "{text}");
    let same = editor.text(NEW).to_owned();
    let shown = editor.change(NEW, &same);
    assert!(!has(&shown, "constraint-never-validated"), "{shown:?}");
}

#[test]
fn other_files_count_as_they_are_in_the_editor_or_on_disk() {
    let text = |typ: &str| format!("create table public.orders (id bigint primary key, code {typ});\n");
    let project = project(&text("integer"), "alter table public.orders alter column code type text;\n");
    let mut editor = Editor::new(&project, &[]);
    let rewrites = |shown: &[Value]| has(shown, "change-column-type");
    assert!(rewrites(&editor.open(NEW)));
    project.write(OLD, &text("varchar(10)"));
    editor.tell("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
    assert!(!rewrites(&editor.diagnostics(NEW, Some(1))));
    editor.open_as(OLD, &text("integer"));
    assert!(rewrites(&editor.diagnostics(NEW, Some(1))));
    editor.close(OLD);
    assert!(!rewrites(&editor.diagnostics(NEW, Some(1))));
    // A new migration counts before it is saved.
    let unsaved = "migrations/20240103000000_index.sql";
    assert!(has(&editor.open_as(unsaved, INDEX), "concurrent-index-create"));
    assert!(editor.open_as("notes.sql", INDEX).is_empty());
}

#[test]
fn places_are_counted_as_agreed() {
    let project = project(TABLE, &format!("/* 😀 */ {INDEX}"));
    for (encoding, character) in [("utf-16", 16), ("utf-8", 18)] {
        let mut editor = Editor::new(&project, &[encoding]);
        let shown = editor.open(NEW);
        let found = of(&shown, "concurrent-index-create").unwrap();
        assert_eq!(found["range"]["start"], json!({ "line": 0, "character": character }), "{encoding}");
    }
}

#[test]
fn what_is_broken_is_said_and_survived() {
    let project = project(TABLE, INDEX);
    let mut editor = Editor::start(&project);
    assert_eq!(editor.ask("textDocument/hover", &json!({}))["error"]["code"], -32002);
    assert_eq!(editor.vanish(), Some(1));

    let mut editor = Editor::new(&project, &[]);
    editor.raw("Content-Length: 3\r\n\r\n{,}");
    assert_eq!(editor.wait()["error"]["code"], -32700);
    assert_eq!(editor.ask("textDocument/nonsense", &json!({}))["error"]["code"], -32601);
    assert_eq!(editor.ask("textDocument/hover", &json!({ "x": 1 }))["error"]["code"], -32602);
    editor.tell("textDocument/didOpen", &json!([]));
    assert!(!editor.open(NEW).is_empty());

    project.write("dbctl.toml", "[lint]\npg_version = 3\n");
    editor.tell("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
    let said = editor.wait();
    assert_eq!(said["method"], "window/showMessage");
    assert!(said["params"]["message"].as_str().unwrap().contains("dbctl.toml:2:1"), "{said}");
    assert!(editor.diagnostics(NEW, Some(1)).is_empty());
    project.write("dbctl.toml", "");
    editor.tell("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
    assert!(!editor.diagnostics(NEW, Some(1)).is_empty());

    assert_eq!(editor.ask("shutdown", &Value::Null)["result"], Value::Null);
    assert_eq!(editor.ask("textDocument/hover", &json!({}))["error"]["code"], -32600);
    assert_eq!(editor.vanish(), Some(0));
}

/// Each change is answered anew, with the state of all other files; how long that takes is printed, not asserted. Among a thousand
/// files: `DBCTL_LATENCY_FILES=1000 cargo test --release --test main -- --nocapture one_changed_file`.
#[test]
fn one_changed_file_among_many_is_answered_each_time() {
    let files = std::env::var("DBCTL_LATENCY_FILES").ok().and_then(|text| text.parse().ok()).unwrap_or(40);
    let mut project = Project::new();
    for n in 0..files {
        let sql = format!(
            "create table public.orders_{n} (id bigint primary key, user_id bigint not null, total numeric(10, 2), \
             created_at timestamptz not null default now());\n\
             comment on table public.orders_{n} is 'Orders of region {n}';\n\
             create index orders_{n}_user_idx on public.orders_{n} (user_id, created_at);\n\
             alter table public.orders_{n} enable row level security;\n"
        );
        project = project.up(&format!("2024{:02}{:02}{n:06}_orders_{n}", n / 100 + 1, n % 28 + 1), &sql);
    }
    let last = "migrations/20241201000000_index.sql";
    project.write(last, "create index orders_7_total_idx on public.orders_7 (total);\n");
    let mut editor = Editor::new(&project, &[]);
    let begun = Instant::now();
    editor.open(last);
    eprintln!("opened: {:.1?}", begun.elapsed());
    let mut times = Vec::new();
    for n in 0..20 {
        let begun = Instant::now();
        let text = format!("create index orders_{n}_total_idx on public.orders_{n} (total);\n");
        let shown = editor.change(last, &text);
        times.push(begun.elapsed());
        assert!(has(&shown, "concurrent-index-create"), "{n}");
    }
    times.sort();
    eprintln!("changed: {:.1?} at best, {:.1?} in the middle, {:.1?} at worst", times[0], times[10], times[19]);
}
