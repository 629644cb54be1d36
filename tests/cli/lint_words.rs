//! What `dbctl lint` says to those who mistype, and where it says it.

use std::process::{Command, Stdio};

use dbctl::exit::Exit;

use crate::support::Project;

const TABLE: &str = "create table public.notes (id bigint generated always as identity primary key, body text);\n";

#[test]
fn findings_are_told_of_what_the_selected_files_change() {
    let project = Project::new()
        .up("20260101000000_base", &format!("{TABLE}create table public.other (id bigint primary key);\n"))
        .up("20260102000000_more", "alter table public.notes add column if not exists more text;\n");
    let found = |words: &str| {
        let answer = project.dbctl(&format!("lint --rule rls-enabled --format json {words}")).json();
        let findings = answer["findings"].as_array().unwrap().clone();
        let text = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap().to_owned();
        findings.iter().map(|it| (text(it, "path"), text(it, "object"))).collect::<Vec<_>>()
    };
    let notes = ("migrations/20260101000000_base.sql".to_owned(), "public.notes".to_owned());
    assert_eq!(found("").len(), 2);
    assert_eq!(found("migrations/20260102000000_more.sql"), std::slice::from_ref(&notes));
    let git = |words: &str| {
        let output = Command::new("git").current_dir(project.path("")).args(words.split(' ')).output().unwrap();
        assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    };
    project.dbctl("lint --since main").ends(Exit::Usage).says("in no git repository").never_says("unshallow");
    git("init --quiet --initial-branch main");
    git("add migrations/20260101000000_base.sql");
    git("-c user.name=a -c user.email=a@b commit --quiet -m one");
    assert_eq!(found("--since main"), [notes]);
}

#[test]
fn an_error_is_told_on_stderr_where_the_form_has_no_place_for_it() {
    let project = Project::new().up("1_a", "select 1;\n");
    for form in ["gcc", "sarif", "github", "gitlab", "junit", "markdown"] {
        let output = project.dbctl(&format!("lint nofile --format {form}")).ends(Exit::Usage).says("nofile");
        assert_eq!(output.stdout, "", "{form}");
    }
    for form in ["json", "jsonl"] {
        let error = project.dbctl(&format!("lint nofile --format {form}")).ends(Exit::Usage).says("nofile").json();
        assert_eq!(error["format"], "dbctl/error/v1");
    }
}

#[test]
fn words_that_are_no_rules_are_wrong_usage() {
    let project = Project::new().up("1_a", "select 1;\n");
    project.dbctl("rules fk-indx").ends(Exit::Usage).says("did you mean `fk-index`?");
    project.dbctl("rules lockin").ends(Exit::Usage).says("did you mean `locking`?");
    project
        .dbctl("lint --rule idempotency")
        .ends(Exit::Usage)
        .says("is a group of rules")
        .says("dbctl rules idempotency");
    project.dbctl("lint --after x").ends(Exit::Usage).says("nothing was linted");
    Project::empty().dbctl("lint").ends(Exit::Project).says("dbctl lint .");
}

#[test]
fn a_slip_in_an_ignore_comment_is_a_finding() {
    let lint = |comment: &str| {
        let project = Project::new().up("1_a", &format!("{comment}\n{TABLE}"));
        project.dbctl("lint").ends(Exit::No)
    };
    lint("-- dbctl:ignor rls-enabled: why").answers("[unknown-ignore-rule]").answers("did you mean `dbctl:ignore`?");
    lint("-- dbctl:ignore rls-enabled - why").answers("a colon is wanted behind `rls-enabled`");
    lint("-- dbctl:ignore rls-enabled fk-index: why").answers("a colon is wanted").answers("commas between");
    let project = Project::new().up("1_a", &format!("-- dbctl: no-transactoin\n{TABLE}"));
    project.dbctl("lint").ends(Exit::Project).says("did you mean `no-transaction`?");
}

#[test]
fn text_on_stdin_is_linted_as_the_file_it_will_be() {
    let project = Project::new().up("20260101000000_a", "select 1;\n");
    let lint = |path: &str| {
        let words = format!("lint - --rule filename-format --stdin-filepath {path}");
        let mut child = project.command(&words).stdin(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"select 1;\n").unwrap();
        child.wait_with_output().unwrap().status.code()
    };
    assert_eq!(lint("migrations/foo.sql"), Some(1));
    assert_eq!(lint("migrations/20260102000000_b.sql"), Some(0));
    assert_eq!(lint("scripts/foo.sql"), Some(0));
}

#[test]
fn ci_jobs_say_what_they_lack_and_what_they_found() {
    let project = Project::empty();
    project.dbctl("init --ci github --ci gitlab").ok();
    let (github, gitlab) = (project.read(".github/workflows/dbctl.yml"), project.read(".gitlab-ci.yml"));
    for job in [&github, &gitlab] {
        assert!(job.contains("-z \"$DBCTL_REPOSITORY\"") && job.contains("cache"), "{job}");
    }
    // Once for the report and once for the log.
    assert_eq!(gitlab.matches("- dbctl lint --since").count(), 2);
    // An error leaves no report, which is not the same as a report without findings.
    assert!(gitlab.contains("|| [ -s dbctl-lint.json ] || rm dbctl-lint.json"), "{gitlab}");
}

#[test]
fn what_cannot_be_meant_is_refused_in_words() {
    let project = Project::new().up("1_a", TABLE);
    for form in ["json", "sarif", "github"] {
        project.dbctl(&format!("lint --fix --diff --format {form}")).ends(Exit::Usage).says("`--diff` is a patch");
    }
    let empty = project.command("lint -").args(["--stdin-filepath", ""]).output().unwrap();
    assert_eq!(empty.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&empty.stderr).contains("is empty"));
    std::fs::write(project.path("program.sql"), b"\x7fELF\0\0\xff\xfe").unwrap();
    project.dbctl("lint program.sql").ends(Exit::Project).says("is no text").never_says("iconv");
    project.write("dbctl.toml", "[lint]\nafter = \"x\"\n");
    project.dbctl("lint").ends(Exit::Project).says("`after` under `[lint]`");
    project.dbctl("lint --all").ends(Exit::No);
    project.write("dbctl.toml", "[lint]\nidempotency = \"atomc\"\n");
    project.dbctl("lint").ends(Exit::Project).says("did you mean `atomic`?").never_says("variant");
}
