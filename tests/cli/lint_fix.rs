//! What `dbctl lint --fix` may change: neither work that is not staged nor files that nobody selected.

use std::process::Command;

use dbctl::exit::Exit;

use crate::support::Project;

const TABLE: &str = "create table public.notes (id bigint generated always as identity primary key, body text);\n";
const RULE: &str = "--rule idempotent-create-table";
const FILE: &str = "migrations/20260101000000_notes.sql";

fn git(project: &Project, words: &str) {
    let output = Command::new("git").current_dir(project.path("")).args(words.split(' ')).output().unwrap();
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_is_not_staged_survives_a_fix_of_what_is() {
    let project = Project::new().up("20260101000000_notes", TABLE);
    project.dbctl("lint --staged").ends(Exit::Usage).says("in no git repository").says("nothing was linted");
    git(&project, "init --quiet --initial-branch main");
    git(&project, "add .");
    let more = format!("{TABLE}-- not staged yet\n");
    project.write(FILE, &more);
    let refused = project.dbctl(&format!("lint --staged {RULE} --fix")).ends(Exit::Refused);
    refused.says("has changes that are not staged").says("nothing was changed").says(&format!("git add {FILE}"));
    assert_eq!(project.read(FILE), more);
    project.dbctl(&format!("lint --staged {RULE} --fix --diff")).ok().answers("if not exists");
    // Line ends are git's to write.
    project.write(FILE, &TABLE.replace('\n', "\r\n"));
    project.dbctl(&format!("lint --staged {RULE} --fix")).says(&format!("applied 1 fix in 1 file: `{FILE}`"));
    assert_eq!(project.read(FILE), TABLE.replace("create table", "create table if not exists").replace('\n', "\r\n"));
}

#[test]
fn files_that_are_not_selected_stay_as_they_are() {
    let project = Project::new()
        .up(
            "20260101000000_notes",
            "create table public.notes (id bigint primary key, owner_id bigint references auth.users (id));\n",
        )
        .up("20260102000000_more", "alter table public.notes add column if not exists more text;\n");
    let before = project.read(FILE);
    git(&project, "init --quiet --initial-branch main");
    git(&project, &format!("add {FILE}"));
    git(&project, "-c user.name=a -c user.email=a@b commit --quiet -m one");
    let told = project.dbctl("lint --since main --format json").json();
    assert!(told["findings"].as_array().unwrap().iter().any(|it| it["path"] == FILE), "{told}");
    project.dbctl("lint --since main --unsafe-fixes");
    project.dbctl("lint migrations/20260102000000_more.sql --unsafe-fixes");
    assert_eq!(project.read(FILE), before);
}

#[test]
fn comments_of_the_base_branch_may_change() {
    let project = Project::new().up("20260101000000_notes", TABLE);
    git(&project, "init --quiet --initial-branch main");
    git(&project, "add .");
    git(&project, "-c user.name=a -c user.email=a@b commit --quiet -m one");
    let lint = || project.dbctl("lint --since main --rule applied-file-edited");
    for same in [TABLE.replace('\n', " \r\n"), format!("-- dbctl:ignore rls-enabled: nobody reads it\n{TABLE}")] {
        project.write(FILE, &same);
        lint().ok().answers("Nothing found");
    }
    project.write(FILE, &TABLE.replace('\n', " -- all notes\n"));
    lint().ok().answers("warning[applied-file-edited]");
    project.write(FILE, &TABLE.replace("text", "varchar"));
    lint().ends(Exit::No).answers("the base branch has another text of it");
}
