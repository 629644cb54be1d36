//! `dbctl test rls`: schemas with one fault each, which is found, and their twins without it, which are not accused.

use std::path::Path;

use dbctl::exit::Exit;

use crate::support::{Database, Project, corpus};

/// How many threads share the cases.
const SHARES: usize = 4;

/// A schema with a fault, and the same without it.
struct Case {
    name: String,
    platform: String,
    says: Vec<String>,
    fault: String,
    twin: String,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/rls/cases");
    let mut paths: Vec<_> = fs_err::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Case {
    let text = fs_err::read_to_string(path).unwrap();
    let (head, rest) = text.split_once("-- fault:\n").unwrap();
    let (fault, twin) = rest.split_once("-- twin:\n").unwrap();
    let said = |word: &str| {
        let lines = head.lines().filter_map(|line| line.strip_prefix(word));
        lines.map(|it| it.trim().to_owned()).collect::<Vec<_>>()
    };
    Case {
        name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
        platform: said("-- platform:").join(""),
        says: said("-- says:"),
        fault: fault.to_owned(),
        twin: twin.to_owned(),
    }
}

fn project(local: &Database, platform: &str, sql: &str) -> Project {
    Project::with_local(local)
        .variable("DBCTL_SHADOW_URL", &local.url)
        .file("dbctl.toml", &format!("[local]\nplatform = \"{platform}\"\n"))
        .up("20240101000000_a", sql)
}

fn share(number: usize) {
    let all = cases();
    assert!(all.len() > 25, "{}", all.len());
    let local = Database::new();
    let mut wrong = Vec::new();
    for case in all.iter().skip(number).step_by(SHARES) {
        let fault = project(&local, &case.platform, &case.fault).dbctl("test rls");
        let found = fault.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        let missing: Vec<&String> = case.says.iter().filter(|words| !found.contains(words.as_str())).collect();
        if fault.code != Some(1) || !missing.is_empty() {
            wrong.push(format!("{}: the fault is not found, {missing:?} is not said:{fault}", case.name));
        }
        let twin = project(&local, &case.platform, &case.twin).dbctl("test rls");
        if twin.code != Some(0) {
            wrong.push(format!("{}: the twin is accused:{twin}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fault_is_found_and_no_twin_is_accused() {
    std::thread::scope(|scope| {
        for number in 0..SHARES {
            scope.spawn(move || share(number));
        }
    });
}

const NOTES: &str = "create table public.notes (id bigint generated always as identity primary key, \
     user_id uuid not null references auth.users (id), body text);\n\
     alter table public.notes enable row level security;\n\
     create policy mine on public.notes to authenticated using (user_id = (select auth.uid()));\n";

#[test]
fn the_matrix_says_what_each_may_do_in_fact() {
    let local = Database::new();
    let answer = project(&local, "supabase", NOTES).dbctl("test rls notes --format json").ok().json();
    assert_eq!(answer["format"], "dbctl/test-rls/v1");
    let verdict = |role: &str, command: &str| {
        let cells = answer["tables"][0]["cells"].as_array().unwrap();
        let cell = cells.iter().find(|it| it["role"] == role && it["command"] == command).unwrap();
        cell["verdict"].as_str().unwrap().to_owned()
    };
    for command in ["select", "insert", "update", "delete"] {
        assert_eq!(verdict("anon", command), "denied");
        assert_eq!(verdict("tenant A", command), "own");
        assert_eq!(verdict("tenant B", command), "own");
        assert_eq!(verdict("service_role", command), "all");
    }
    assert_eq!(verdict("tenant A", "move"), "denied");
}

#[test]
fn every_form_tells_of_violations() {
    let local = Database::new();
    let open = NOTES.replace("user_id = (select auth.uid())", "true");
    let project = project(&local, "supabase", &open);
    project.dbctl("test rls --format junit").ends(Exit::No).answers("tenant-isolation on");
    let place = "::error file=migrations/20240101000000_a.sql,line=3,";
    project.dbctl("test rls --format github").ends(Exit::No).answers(place);
    let json = project.dbctl("test rls --format json").ends(Exit::No).json();
    assert_eq!(json["violations"][0]["faults"][0]["kind"], "policy");
    // What mends it is run as it is given.
    let mend: Vec<&str> =
        json["violations"].as_array().unwrap().iter().map(|it| it["mend"][0].as_str().unwrap()).collect();
    project.write("migrations/20240102000000_b.sql", &mend.join("\n"));
    project.dbctl("test rls").ok().answers("The rules hold");
    project.dbctl("test rls --at 20240101000000").ends(Exit::No);
}

#[test]
fn plain_settings_and_roles_are_what_the_project_says() {
    let local = Database::new();
    let schema = "create table public.shops (code text primary key);
        create table public.sales (id bigint generated always as identity primary key, \
        shop text not null references public.shops (code), total int);
        alter table public.sales enable row level security;
        alter table public.sales force row level security;
        create policy of_shop on public.sales using (shop = current_setting('my.branch', true));";
    let project = project(&local, "postgres", schema);
    project.dbctl("test rls sales").ok().answers("taken to connect as the owner of the tables");
    project.write("dbctl.toml", "[rls]\ntenant_table = \"shops\"\ntenant_column = \"shop\"\n[rls.roles.user]\nsettings = { \"my.branch\" = \"no such\" }\n");
    let answer = project.dbctl("test rls sales --format json").ok().json();
    let cells = answer["tables"][0]["cells"].as_array().unwrap();
    assert!(cells.iter().any(|it| it["role"] == "tenant A" && it["command"] == "select" && it["verdict"] == "denied"));
    project.write("dbctl.toml", "[rls.roles.usr]\nrole = \"x\"\n");
    project.dbctl("test rls").ends(Exit::Project).says("did you mean `user`?");
    project.write("dbctl.toml", "[rls]\ntenant_table = \"nope\"\n");
    project.dbctl("test rls").ends(Exit::Project).says("the migrations make no such table");
}

#[test]
fn words_that_name_nothing_are_told() {
    let local = Database::new();
    let project = project(&local, "supabase", NOTES);
    project.dbctl("test rls note").ends(Exit::Usage).says("did you mean `notes`?");
    project.dbctl("test").ends(Exit::Usage).says("rls");
    project.dbctl("test rls --format sarif").ends(Exit::Usage);
}

#[test]
fn real_projects_are_tried_whole() {
    let local = Database::new();
    for (name, says) in [
        ("supabase/subscription-payments", "2 violations on 5 tables"),
        ("supabase/nextbase", "tenant-isolation: insert of public.private_items"),
        ("supabase/basejump", "The rules hold on 6 tables"),
    ] {
        let Some(folder) = corpus(name) else { continue };
        let config = "[local]\nplatform = \"supabase\"\n[rls]\nschemas = [\"public\", \"basejump\"]\n";
        let project = Project::with_local(&local).variable("DBCTL_SHADOW_URL", &local.url).file("dbctl.toml", config);
        project.dbctl_with("test rls --migrations", folder.to_str().unwrap()).answers(says);
    }
}
