//! `dbctl lint` as a person or a pipeline uses it: selection, forms, exit codes, comments, baseline, fixes.

use std::process::{Command, Stdio};

use dbctl::exit::Exit;

use crate::support::{Database, Project};

const TABLE: &str = "create table public.notes (id bigint generated always as identity primary key, body text);\n";
const INDEX: &str = "create index notes_body_idx on public.notes (body);\n";

fn project() -> Project {
    Project::new().up("20260101000000_notes", TABLE).up("20260102000000_index", INDEX)
}

/// The rules that a JSON answer names, with their files.
fn rules(answer: &serde_json::Value) -> Vec<(String, String)> {
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    answer["findings"].as_array().unwrap().iter().map(|it| (text(it, "rule"), text(it, "path"))).collect()
}

#[test]
fn the_state_comes_from_all_files_and_findings_from_those_selected() {
    let project = project();
    let all = project.dbctl("lint --rule concurrent-index-create --format json").ends(Exit::No).json();
    assert_eq!(rules(&all), [("concurrent-index-create".into(), "migrations/20260102000000_index.sql".into())]);
    let finding = &all["findings"][0];
    assert_eq!((finding["line"].as_u64(), finding["column"].as_u64()), (Some(1), Some(8)));
    assert_eq!(finding["lock"], "SHARE");
    assert_eq!(finding["object"], "public.notes");
    project.dbctl("lint --rule concurrent-index-create migrations/20260101000000_notes.sql").ok();
    project.dbctl("lint --rule concurrent-index-create migrations/20260102000000_index.sql").ends(Exit::No);
    project.dbctl("lint --rule concurrent-index-create --after 20260102000000").ok();
    project.dbctl("lint --rule concurrent-index-create --after 20260101000000").ends(Exit::No);
}

#[test]
fn a_policy_three_files_later_satisfies_the_rule() {
    let project = Project::new().up("1_notes", TABLE);
    project.dbctl("lint --rule rls-enabled").ends(Exit::No).answers("[rls-enabled]");
    project.write("migrations/4_rls.sql", "alter table public.notes enable row level security;\n");
    project.dbctl("lint --rule rls-enabled").ok();
    project.dbctl("lint --rule rls-policy-exists").ends(Exit::No);
    project.write(
        "migrations/5_policy.sql",
        "create policy all_read on public.notes for select to anon using (body = 'x');\n",
    );
    project.dbctl("lint --rule rls-policy-exists").ok();
}

#[test]
fn exit_codes_tell_findings_usage_and_configuration_apart() {
    let project = project();
    project.dbctl("lint --rule concurrent-index-drop").ok().answers("Nothing found in 2 files.");
    project.dbctl("lint --rule concurent-index-drop").ends(Exit::Usage).says("did you mean `concurrent-index-drop`?");
    project.dbctl("lint --exclude nonsense").ends(Exit::Usage).says("there is no rule `nonsense`");
    project.dbctl("lint no/such/file.sql").ends(Exit::Usage).says("there is no file or folder `no/such/file.sql`");
    project.dbctl("lint --all --staged").ends(Exit::Usage);
    project.dbctl("status --format sarif").ends(Exit::Usage).says("only `dbctl lint`");
    project.dbctl("explain fk-indx").ends(Exit::Usage).says("did you mean `fk-index`?");
    for (toml, words) in [
        ("[lint.rules.fk-indx]\nlevel = \"off\"\n", "did you mean `fk-index`?"),
        ("[lint.rules]\naudit-columns = { colums = [\"a\"] }\n", "did you mean `columns`?"),
        ("[lint]\npg_version = 9\n", "PostgreSQL 14 to 18"),
        ("[lint]\nprofile = \"supabse\"\n", "did you mean `supabase`?"),
        ("[[lint.overrides]]\npaths = [\"*\"]\nrules = { nope = \"off\" }\n", "there is no rule `nope`"),
    ] {
        project.write("dbctl.toml", toml);
        project.dbctl("lint").ends(Exit::Project).says(words);
    }
}

#[test]
fn levels_come_from_the_configuration_and_fail_on_decides() {
    let project = project().file("dbctl.toml", "[lint.rules]\nconcurrent-index-create = \"warning\"\n");
    project.dbctl("lint --rule concurrent-index-create").ok().answers("warning[concurrent-index-create]");
    project.dbctl("lint --rule concurrent-index-create --fail-on warning").ends(Exit::No);
    project.write(
        "dbctl.toml",
        "[[lint.overrides]]\npaths = [\"migrations/20260102*\"]\nrules = { concurrent-index-create = \"off\" }\n",
    );
    project.dbctl("lint").ends(Exit::No);
    let answer = project.dbctl("lint --format json").json();
    assert!(rules(&answer).iter().all(|(rule, _)| rule != "concurrent-index-create"));
    assert!(rules(&answer).iter().any(|(rule, _)| rule == "idempotent-create-index"));
}

#[test]
fn comments_with_a_reason_silence_and_others_are_findings() {
    let ignore = "-- dbctl:ignore concurrent-index-create: a dozen rows\n";
    let project = project().up("20260102000000_index", &format!("{ignore}{INDEX}"));
    project.dbctl("lint --rule concurrent-index-create").ok().answers("1 ignored by comments");
    project.write("migrations/20260102000000_index.sql", &format!("-- dbctl:ignore concurrent-index-create\n{INDEX}"));
    project.dbctl("lint").ends(Exit::No).answers("[ignore-without-reason]").answers("[concurrent-index-create]");
    project.write(
        "migrations/20260102000000_index.sql",
        &format!("-- squawk-ignore require-concurrent-index-creation\n{INDEX}"),
    );
    project.dbctl("lint --rule concurrent-index-create").ok();
    // The runner takes such a comment for what it is.
    project.dbctl("plan --local --url postgres://nobody@127.0.0.1:1/x").ends(Exit::Connect);
}

#[test]
fn a_baseline_freezes_and_shrinks() {
    let project = project();
    project.dbctl("lint").ends(Exit::No);
    project.dbctl("lint --baseline write").ok().says("froze");
    project.dbctl("lint").ok().answers("frozen by the baseline");
    project.dbctl("lint --baseline ignore").ends(Exit::No);
    let before = project.read(".dbctl-lint-baseline.json");
    project.write("migrations/20260103000000_more.sql", "create index notes_id_idx on public.notes (id);\n");
    let new = project.dbctl("lint --format json").ends(Exit::No).json();
    assert!(rules(&new).iter().all(|(_, path)| path == "migrations/20260103000000_more.sql"), "{new}");
    project.remove("migrations/20260103000000_more.sql");
    project.write(
        "migrations/20260102000000_index.sql",
        "create index concurrently if not exists notes_body_idx on public.notes (body);\n",
    );
    project.dbctl("lint").says("left `.dbctl-lint-baseline.json`");
    assert!(project.read(".dbctl-lint-baseline.json").len() < before.len());
}

#[test]
fn a_baseline_keeps_what_a_later_migration_drops() {
    let project = project();
    project.dbctl("lint --baseline write").ok();
    let before = project.read(".dbctl-lint-baseline.json");
    project.write("migrations/20260101000000_notes.sql", &TABLE.replace('\n', " -- all notes\n"));
    project.dbctl("lint").ok().never_says("left");
    project.write("migrations/20260103000000_drop.sql", "drop table if exists public.notes cascade;\n");
    project.dbctl("lint").never_says("left");
    assert_eq!(project.read(".dbctl-lint-baseline.json"), before);
    project.remove("migrations/20260103000000_drop.sql");
    project.dbctl("lint").ok();
}

#[test]
fn stdin_stands_for_a_file_of_the_chain() {
    let project = project();
    let lint = |words: &str, text: &str| {
        let mut child = project.command(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let words = "lint - --rule concurrent-index-create --format gcc";
    let (code, text) = lint(words, "\n  create index i on public.notes (id);");
    assert_eq!(code, Some(1));
    assert!(text.starts_with("<stdin>:2:10: error: "), "{text}");
    let at = "lint - --rule concurrent-index-create --stdin-filepath migrations/20260101000000_notes.sql";
    assert_eq!(lint(at, &format!("{TABLE}{INDEX}")).0, Some(0));
}

#[test]
fn every_form_names_the_finding() {
    let project = project();
    for (form, words) in [
        ("human", "error[concurrent-index-create]"),
        ("json", "\"rule\": \"concurrent-index-create\""),
        ("sarif", "\"ruleId\": \"concurrent-index-create\""),
        ("github", "::error file=migrations/20260102000000_index.sql,line=1"),
        ("gitlab", "\"check_name\": \"concurrent-index-create\""),
        ("junit", "<testsuites"),
        ("gcc", "migrations/20260102000000_index.sql:1:8: error: "),
        ("markdown", "concurrent-index-create"),
    ] {
        let output = project.dbctl(&format!("lint --rule concurrent-index-create --format {form}")).ends(Exit::No);
        output.answers(words);
    }
    project.dbctl("lint --statistics").ends(Exit::No).answers("idempotent-create-index error 1");
}

#[test]
fn two_files_of_one_version_are_found() {
    let project = Project::new().up("20260101000000_a", "select 1;\n").up("20260101000000_b", "select 2;\n");
    project.dbctl("lint --rule version-duplicate").ends(Exit::No).answers("migrations/20260101000000_b.sql");
}

#[test]
fn fixes_mend_and_diff_only_shows() {
    let project = project();
    let before = project.read("migrations/20260101000000_notes.sql");
    project.dbctl("lint --rule idempotent-create-table --fix --diff").ok().answers("if not exists");
    assert_eq!(project.read("migrations/20260101000000_notes.sql"), before);
    project.dbctl("lint --rule idempotent-create-table --fix").ok().says("applied 1 fix in 1 file");
    assert!(project.read("migrations/20260101000000_notes.sql").starts_with("create table if not exists public.notes"));
    project.dbctl("lint --rule idempotent-create-table --fix").ok().never_says("applied");
}

#[test]
fn git_decides_what_is_new() {
    let project = Project::new().up("20260101000000_notes", TABLE);
    let git = |words: &str| {
        let output = Command::new("git").current_dir(project.path("")).args(words.split(' ')).output().unwrap();
        assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    };
    project.dbctl("lint --since main").ends(Exit::Usage).says("git");
    git("init --quiet --initial-branch main");
    git("add .");
    git("-c user.name=a -c user.email=a@b commit --quiet -m one");
    project.write("migrations/20260102000000_index.sql", INDEX);
    let only = "--rule idempotent-create-table --rule idempotent-create-index --rule concurrent-index-create";
    let found = |words: &str| rules(&project.dbctl(&format!("lint {words} {only} --format json")).json());
    assert!(found("--since main").iter().all(|(_, path)| path.ends_with("_index.sql")));
    assert!(!found("--since main").is_empty());
    assert_eq!(found("--staged"), []);
    git("add .");
    assert!(!found("--staged").is_empty());
    // What is staged counts, not what the folder holds now.
    project.write("migrations/20260102000000_index.sql", "select 1;\n");
    assert!(found("--staged").iter().any(|(rule, _)| rule == "concurrent-index-create"));
    project.dbctl("lint --since no-such-branch").ends(Exit::Usage).says("nothing was linted");
}

#[test]
fn each_project_of_a_monorepo_has_its_own_rules() {
    let project = Project::new()
        .file("a/dbctl.toml", "[lint.rules]\nconcurrent-index-create = \"off\"\n")
        .file("a/migrations/1_a.sql", INDEX)
        .file("b/dbctl.toml", "")
        .file("b/migrations/1_b.sql", INDEX);
    let answer = project.dbctl("lint a/migrations b/migrations/1_b.sql --format json").ends(Exit::No).json();
    let files: Vec<_> = rules(&answer).into_iter().filter(|(rule, _)| rule == "concurrent-index-create").collect();
    assert_eq!(files, [("concurrent-index-create".into(), "b/migrations/1_b.sql".into())]);
}

#[test]
fn migrate_and_plan_stop_at_errors_where_the_project_says_lint() {
    let database = Database::new();
    let project = Project::with_local(&database).up("20260101000000_notes", TABLE);
    project.write("dbctl.toml", "[lint]\n");
    project.dbctl("plan --local").ends(Exit::Refused).answers("lint finds");
    project.dbctl("plan --local --no-lint").ok();
    project.dbctl("migrate --local").ends(Exit::Refused).says("lint finds").says("nothing was run").says("--no-lint");
    project.dbctl("lint --pending").ends(Exit::No);
    project.dbctl("migrate --local --no-lint").ok();
    project.dbctl("lint --pending").ok();
    project.write("migrations/20260102000000_index.sql", INDEX);
    project.write("dbctl.toml", "[lint]\non_migrate = \"off\"\n");
    project.dbctl("migrate --local").ok();
    project.write("migrations/20260102000000_index.sql", &INDEX.replace("body", "id"));
    project.dbctl("plan --local").ends(Exit::Refused).answers("has changed since it was applied");
    project.dbctl("migrate --local").ends(Exit::Refused);
}

#[test]
fn rules_explain_themselves() {
    let project = Project::empty();
    let list = project.dbctl("rules --format json").ok().json();
    let rules = list["rules"].as_array().unwrap();
    assert!(rules.len() > 150, "{}", rules.len());
    project.dbctl("rules locking").ok().answers("concurrent-index-create");
    project.dbctl("rules --format markdown").ok().answers("| `fk-index` | error |");
    project.dbctl("explain concurrent-index-create").ok().answers("SHARE").answers("Bad").answers("Good");
    for rule in rules {
        project.dbctl(&format!("explain {}", rule["id"].as_str().unwrap())).ok();
    }
}

#[test]
fn init_writes_what_runs_lint_in_ci() {
    let project = Project::empty();
    project.dbctl("init --ci github --ci gitlab --ci pre-commit").ok();
    for file in [".github/workflows/dbctl.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"] {
        assert!(project.read(file).contains("dbctl lint"), "{file}");
    }
    let project = Project::empty().file(".gitlab-ci.yml", "stages: [test]\n");
    project.dbctl("init --ci gitlab").ok().says("dbctl lint");
    assert_eq!(project.read(".gitlab-ci.yml"), "stages: [test]\n");
}
