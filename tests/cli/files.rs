//! What dbctl writes into a project: `init`, `new`, and `dbctl.sum`.

use std::process::Command;

use dbctl::exit::Exit;

use crate::support::{Database, Project};

#[test]
fn init_writes_what_a_project_needs_and_changes_nothing_when_run_again() {
    let project = Project::empty();
    project.dbctl("init").ok().answers("wrote dbctl.toml").answers("wrote migrations/");
    assert!(project.read(".gitignore").contains(".dbctl/"));
    let snapshot = || project.files().iter().map(|file| fs_err::read_to_string(file).unwrap()).collect::<Vec<_>>();
    let before = snapshot();
    project.dbctl("init").ok().answers("Nothing to do");
    assert_eq!(snapshot(), before);
}

#[test]
fn init_keeps_what_is_there() {
    let project = Project::empty().file(".gitignore", "target").file("supabase/migrations/1_a.sql", "select 1");
    project.dbctl("init").ok();
    assert!(project.read(".gitignore").starts_with("target\n"));
    assert!(project.read("dbctl.toml").contains("supabase/migrations"));
    assert!(!project.path("migrations").exists());
}

#[test]
fn new_writes_a_migration_and_its_way_back() {
    let project = Project::new();
    let output = project.dbctl_with("new --format json", "create users").ok().json();
    let up = output["up"].as_str().unwrap();
    assert!(up.ends_with("_create_users.sql") && up.starts_with("migrations/2"), "{up}");
    assert_eq!(up.len(), "migrations/20260101000000_create_users.sql".len());
    assert!(project.read(up).contains("create users"));
    assert!(project.path(output["down"].as_str().unwrap()).is_file());
}

#[test]
fn on_supabase_its_own_tool_does_not_find_the_way_back() {
    let project = Project::empty().file("supabase/migrations/20240101000000_a.sql", "create table a (id int)");
    let output = project.dbctl_with("new --format json", "create users").ok().json();
    let (up, down) = (output["up"].as_str().unwrap(), output["down"].as_str().unwrap());
    let name = up.strip_prefix("supabase/migrations/").unwrap().strip_suffix(".sql").unwrap();
    assert_eq!(down, format!("supabase/rollbacks/{name}.down.sql"));
    assert!(project.read(up).contains(&format!("Rolled back by ../rollbacks/{name}.down.sql.")));
    project.write(up, "create table users (id int);");
    project.write(down, "drop table users;");
    let plan = project.dbctl("plan --local --format json").ok().json();
    assert_eq!(plan["steps"][1]["down"], down, "{plan}");
    // Tools that part their files by `.up` and `.down` look beside.
    let other = Project::empty().file("dbctl.toml", "[local]\nplatform = \"supabase\"\n");
    let other = other.file("migrations/1_a.up.sql", "select 1").file("migrations/1_a.down.sql", "select 2");
    let down = other.dbctl("new more --format json").ok().json()["down"].as_str().unwrap().to_owned();
    assert!(down.starts_with("migrations/") && down.ends_with("_more.down.sql"), "{down}");
}

#[test]
fn new_twice_in_a_second_gives_two_versions_in_order() {
    let project = Project::new();
    let versions: Vec<String> = (0..4)
        .map(|_| project.dbctl_with("new --format json", "same").ok().json()["version"].as_str().unwrap().to_owned())
        .collect();
    assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
    let at_once: Vec<_> = (0..4).map(|_| project.begin("new racing --format json")).collect();
    let mut versions: Vec<String> =
        at_once.into_iter().map(|run| run.end().ok().json()["version"].as_str().unwrap().to_owned()).collect();
    versions.sort();
    versions.dedup();
    assert_eq!(versions.len(), 4, "{versions:?}");
}

#[test]
fn new_makes_a_safe_file_name_of_any_name() {
    let project = Project::new();
    for name in [
        "../../etc/passwd",
        "a/b\\c",
        "..",
        ".hidden",
        "it's \"quoted\"",
        "Größe ändern",
        "大きさ",
        "🐘",
        "a\nb",
        "--flag",
        "CON",
        "semi;colon",
        "$(rm -rf /)",
        "x.sql",
        &"long ".repeat(100),
    ] {
        let output = project.dbctl_with("new --format json --", name).ok().json();
        let up = output["up"].as_str().unwrap();
        let file = up.strip_prefix("migrations/").unwrap().strip_suffix(".sql").unwrap();
        let is_safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(file.chars().all(is_safe) && file.len() < 200, "{name:?} gives {file}");
        assert!(project.path(up).is_file());
    }
    project.dbctl("plan --local").ok();
}

#[test]
fn new_without_a_name_is_wrong_usage() {
    Project::new().dbctl("new").ends(Exit::Usage);
}

#[test]
fn the_sum_file_has_a_line_for_each_migration() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_a", "select 1").up("2_b", "select 2");
    project.dbctl("migrate --local").ok();
    let sum = project.read("dbctl.sum");
    let lines: Vec<&str> = sum.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.len(), 2, "{sum}");
    let status = project.dbctl("status --local --format json").ok().json();
    for (at, line) in lines.iter().enumerate() {
        let migration = &status["migrations"][at];
        let expected = format!("{} {}", migration["version"].as_str().unwrap(), migration["sha256"].as_str().unwrap());
        assert_eq!(*line, expected);
    }
}

#[test]
fn sum_files_of_two_branches_merge_without_a_conflict() {
    let (one, two) = (Database::new(), Database::new());
    let project = Project::empty();
    project.dbctl("init").ok();
    let git = |words: &str| {
        let settings = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let mut command = Command::new("git");
        command.args(settings).args(words.split_whitespace()).current_dir(project.path(""));
        let output = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
        assert!(output.status.success(), "git {words}: {}", String::from_utf8_lossy(&output.stdout));
    };
    let migrate_on = |database: &Database| {
        project.dbctl(&format!("migrate --local --allow-late --url {}", database.url)).ok();
    };
    git("init -q -b main");
    project.write("migrations/1_a.sql", "select 1");
    migrate_on(&one);
    git("add -A");
    git("commit -qm first");
    git("checkout -qb left");
    project.write("migrations/2_left.sql", "select 2");
    migrate_on(&one);
    git("add -A");
    git("commit -qm left");
    git("checkout -q main");
    project.write("migrations/3_right.sql", "select 3");
    migrate_on(&two);
    git("add -A");
    git("commit -qm right");
    git("merge -q left");
    let sum = project.read("dbctl.sum");
    for version in ["1 ", "2 ", "3 "] {
        assert_eq!(sum.lines().filter(|line| line.starts_with(version)).count(), 1, "{sum}");
    }
    migrate_on(&two);
    let merged = project.read("dbctl.sum");
    assert_eq!(merged.lines().filter(|line| !line.starts_with('#')).count(), 3, "{merged}");
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let project = Project::empty();
    for shell in ["bash", "zsh", "fish"] {
        project.dbctl(&format!("completions {shell}")).ok().answers("migrate");
    }
    project.dbctl("man").ok().answers(".TH dbctl");
    project.dbctl("--help").ok().answers("A first run");
    project.dbctl("--version").ok().answers(env!("CARGO_PKG_VERSION"));
}

#[test]
fn a_new_migration_is_the_newest_where_several_share_a_version() {
    let project = Project::new()
        .file("dbctl.toml", "[project]\nsame_version = \"by-name\"\n")
        .up("20260101000000_a", "select 1")
        .up("20260101000000_b", "select 2");
    project.dbctl("new more").ok();
    let names: Vec<String> = project.files().iter().map(|path| path.display().to_string()).collect();
    assert!(names.iter().any(|name| name.ends_with("_more.sql")), "{names:?}");
}
