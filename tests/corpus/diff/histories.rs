//! Whole real schemas: the end states of other projects' histories, made of nothing, taken away again, dumped and loaded.

use std::path::Path;

use super::judge::{self, Verdict};
use crate::support::{Client, Database, Project, corpus};

/// dbctl's own schema stays where it is.
const NOT_OWN: [&str; 2] = ["--exclude-schema", "dbctl*"];

#[test]
fn histories_for_plain_postgresql_are_made_of_nothing_and_taken_away() {
    for (name, config) in [
        ("prisma/hoppscotch", ""),
        ("prisma/langfuse", ""),
        ("rollback/concourse", "[project]\nsame_version = \"by-name\""),
        ("rollback/crates.io", ""),
        ("rollback/docs.rs", ""),
        ("rollback/keto", ""),
        ("rollback/kratos", ""),
    ] {
        let Some(folder) = corpus(name) else { return };
        let Some(pg_dump) = judge::pg_dump() else { return };
        let (end, nothing) = (Database::new(), Database::new());
        let project = Project::new().file("dbctl.toml", config);
        migrate(&project, &format!("migrate --local --url {}", end.url), &folder);
        there_and_back(&project, name, Some(&pg_dump), (&end.url, &nothing.url), (&Database::new().url, "empty"));
    }
}

#[test]
fn histories_for_supabase_are_made_of_the_shim_and_taken_away() {
    for name in ["supabase/basejump", "supabase/nextbase", "supabase/subscription-payments"] {
        on_the_shim(name, None);
    }
}

#[test]
fn histories_for_supabase_with_vector_are_made_of_the_shim_and_taken_away() {
    for name in ["supabase/chatbot-ui", "supabase/liam"] {
        on_the_shim(name, Some("bundle"));
    }
}

fn on_the_shim(name: &str, engine: Option<&str>) {
    let Some(folder) = corpus(name) else { return };
    let project = Project::new().file("dbctl.toml", "[local]\nplatform = \"supabase\"\n");
    let project = if let Some(engine) = engine { project.variable("DBCTL_LOCAL_ENGINE", engine) } else { project };
    project.dbctl("migrate --local").ok();
    let url = project.dbctl("db url").ok().stdout.trim().to_owned();
    let server = Client::open(&beside(&url, "postgres"));
    let pg_dump = judge::pg_dump_of(&server);
    let local = url::Url::parse(&url).unwrap();
    let local = local.path().trim_start_matches('/').to_owned();
    // What is there before the history is.
    let copies = ["shim", "shim_again", "shim_at_last"].map(|copy| {
        server.run(&format!("create database {copy} template \"{local}\""));
        beside(&url, copy)
    });
    migrate(&project, "migrate --local", &folder);
    there_and_back(&project, name, pg_dump.as_deref(), (&url, &copies[0]), (&copies[1], &copies[2]));
}

fn beside(url: &str, database: &str) -> String {
    let mut url = url::Url::parse(url).unwrap();
    url.set_path(if url.path() == format!("/{database}") { "template1" } else { database });
    url.into()
}

fn migrate(project: &Project, words: &str, folder: &Path) {
    project.dbctl_with(&format!("{words} --migrations"), folder.to_str().unwrap()).ok();
}

/// From the beginning to the end and back, and by way of a dump; where there is no `pg_dump` of a bundle's version, dbctl's
/// own eye has to do.
fn there_and_back(
    project: &Project,
    name: &str,
    pg_dump: Option<&Path>,
    (end, beginning): (&str, &str),
    (other, last): (&str, &str),
) {
    let dump = |url: &str| pg_dump.map_or_else(Vec::new, |it| judge::dump(it, url, &NOT_OWN));
    let (wanted, none) = (dump(end), dump(beginning));
    let same = |way: &str, wanted: &[String], url: &str, there: &str| {
        let verdict = judge::compare(wanted, &dump(url));
        assert!(verdict == Verdict::Exact, "{name} {way}: {verdict:?}");
        project.dbctl(&format!("diff --from {url} --to {there} --owners --check")).ok();
    };
    let sql = |words: &str| project.dbctl(words).ok().stdout;
    let forth = sql(&format!("diff --from {beginning} --to {end} --format sql --owners"));
    run(beginning, &forth);
    same("made of nothing", &wanted, beginning, end);
    run(other, &sql(&format!("dump {end} --owners")));
    same("dumped and loaded", &wanted, other, end);
    let back = sql(&format!("diff --from {end} --to {last} --format sql --owners"));
    run(beginning, &back);
    same("taken away", &none, beginning, last);
}

fn run(url: &str, sql: &str) {
    let session = Client::open(url);
    for statement in dbctl::sql::split(sql).unwrap() {
        session.run(statement.span.of(sql));
    }
}
