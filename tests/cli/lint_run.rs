//! `dbctl lint` and what has run already: `dbctl.sum`, the baseline, fixes and patches.

use std::path::Path;
use std::process::Command;

use dbctl::exit::Exit;

use crate::support::{Database, Project};

const TABLE: &str = "create table public.notes (id bigint generated always as identity primary key, body text);\n";
const RULE: &str = "--rule idempotent-create-table";

/// A project whose first migration has run, and its second has not.
fn project() -> Project {
    let database = Database::new();
    let project = Project::with_local(&database).up("20260101000000_notes", TABLE);
    project.dbctl("migrate --local").ok();
    project.up("20260102000000_more", "create table public.more (id uuid primary key);\n")
}

#[test]
fn fix_leaves_alone_what_has_run_unless_it_is_named() {
    let project = project();
    let ran = "migrations/20260101000000_notes.sql";
    project
        .dbctl(&format!("lint {RULE}"))
        .ends(Exit::No)
        .answers(" 1 can be mended with `--fix`. 1 more only in migrations that have run");
    let fixed = project.dbctl(&format!("lint {RULE} --fix"));
    fixed.says("applied 1 fix in 1 file").says("left 1 file alone that has run").says("dbctl lint --fix PATH");
    assert_eq!(project.read(ran), TABLE);
    assert!(project.read("migrations/20260102000000_more.sql").contains("if not exists"));
    // Edited since, it has run all the same.
    let edited = format!("{TABLE}-- and more\n");
    project.write(ran, &edited);
    project.dbctl(&format!("lint {RULE} --fix migrations")).says("left 1 file alone");
    assert_eq!(project.read(ran), edited);
    project.dbctl(&format!("lint {RULE} --fix {ran}")).ok().says("applied 1 fix");
    assert!(project.read(ran).contains("if not exists"));
}

#[test]
fn an_edit_of_what_has_run_is_found_without_git() {
    let project = project();
    let lint = || project.dbctl("lint --rule applied-file-edited");
    lint().ok();
    let file = "migrations/20260101000000_notes.sql";
    project.write(file, &format!("-- dbctl:ignore rls-enabled: nobody reads it through the API\n{TABLE}"));
    lint().ok();
    project.write(file, &TABLE.replace('\n', "  \r\n\r\n"));
    lint().ok().never_says("changed").answers("Nothing found");
    project.write(file, &format!("-- notes of all kinds\n{TABLE}"));
    lint().ok().answers("warning[applied-file-edited]").answers("comments of `20260101000000_notes.sql` have changed");
    project.write(file, &TABLE.replace("text", "varchar"));
    lint().ends(Exit::No).answers("20260101000000_notes.sql").answers("`dbctl.sum` records another text of it");
    project.dbctl("lint --rule applied-file-edited migrations/20260102000000_more.sql").ok();
    project.dbctl("explain applied-file-edited").ok().answers("dbctl.sum").answers("--since");
}

#[test]
fn fix_leaves_alone_what_the_baseline_has_frozen() {
    let project = Project::new().up("20260101000000_notes", TABLE);
    project.dbctl("lint --baseline write").ok();
    project.dbctl(&format!("lint {RULE} --fix")).ok().never_says("applied");
    assert_eq!(project.read("migrations/20260101000000_notes.sql"), TABLE);
    project.dbctl(&format!("lint {RULE} --fix --baseline ignore")).ok().says("applied 1 fix");
}

#[test]
fn a_use_of_a_new_enum_value_does_not_move_behind_later_files() {
    let project = Project::new()
        .up("20260101000000_a", "create type public.s as enum ('a');\ncreate table public.o (total int, s public.s);\n")
        .up("20260102000000_b", "alter type public.s add value 'c';\nupdate public.o set s = 'c' where total > 0;\n")
        .up("20260103000000_c", "alter table public.o rename column total to amount;\n");
    let before = project.read("migrations/20260102000000_b.sql");
    project.dbctl("lint --rule enum-value-used-same-tx --unsafe-fixes").never_says("applied").never_says("wrote");
    assert_eq!(project.read("migrations/20260102000000_b.sql"), before);
    project.remove("migrations/20260103000000_c.sql");
    project.dbctl("lint --rule enum-value-used-same-tx --unsafe-fixes").ok().says("wrote");
}

#[test]
fn a_diff_is_a_patch() {
    let text = "create table public.a (\r\n\tid uuid primary key,\r\n\tb text\r\n);\ncreate table public.b (\n\tid uuid primary key\n);";
    let project = Project::new().up("20260101000000_a", text);
    let index = "create table public.c (id uuid primary key);\ncreate index a_b_idx on public.a (b);\n";
    let project = project.up("20260102000000_b", index);
    let rules = format!("{RULE} --rule concurrent-index-create");
    let patch = project.dbctl(&format!("lint {rules} --unsafe-fixes --diff")).ok();
    project.write("fix.patch", &patch.stdout);
    let applied =
        Command::new("git").current_dir(project.path("")).args(["apply", "-p0", "fix.patch"]).output().unwrap();
    assert!(applied.status.success(), "{}\n{}", String::from_utf8_lossy(&applied.stderr), patch.stdout);
    assert_eq!(
        project.read("migrations/20260101000000_a.sql"),
        text.replace("create table", "create table if not exists")
    );
    assert_eq!(
        project.read("migrations/20260102000000_b.sql"),
        "create table if not exists public.c (id uuid primary key);\n"
    );
    project.dbctl(&format!("lint {rules}")).ok();
}

#[test]
fn the_project_that_is_shown_off_is_clean() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/projects/saas");
    let words = format!("-C {} lint --format json", folder.display());
    let answer = Project::empty().dbctl(&words).ok().json();
    assert_eq!((&answer["summary"]["errors"], &answer["summary"]["warnings"]), (&0.into(), &0.into()), "{answer}");
}
