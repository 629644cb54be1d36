//! Histories with ways back: up in order, then down newest first, until the database is empty again.

use std::io::Write;

use super::known::{CONCOURSE, CRATES_IO, Fault, KRATOS, NONE};
use crate::support::{Database, Output, Project, corpus};

#[test]
fn concourse_goes_up_and_down() {
    up_and_down("rollback/concourse", "[project]\nsame_version = \"by-name\"", CONCOURSE);
}

#[test]
fn crates_io_goes_up_and_down() {
    up_and_down("rollback/crates.io", "", CRATES_IO);
}

#[test]
fn docs_rs_goes_up_and_down() {
    up_and_down("rollback/docs.rs", "", NONE);
}

#[test]
fn keto_goes_up_and_down() {
    up_and_down("rollback/keto", "", NONE);
}

#[test]
fn kratos_goes_up_and_down() {
    up_and_down("rollback/kratos", "", KRATOS);
}

#[test]
fn concourse_without_a_word_is_refused_because_two_files_have_one_version() {
    let Some(folder) = corpus("rollback/concourse") else { return };
    Project::new()
        .dbctl_with("plan --local --migrations", folder.to_str().unwrap())
        .ends(dbctl::exit::Exit::Project)
        .says("version 1626194317 is taken by `1626194317_add_job_pauses_table.down.sql`")
        .says("`1626194317_add_pipeline_pauses_table.up.sql`")
        .says("same_version = \"by-name\"");
}

/// Applies everything, sees that nothing is left to do, and takes everything back; what fails on the way back is
/// forgotten by hand, as a person would who has mended the database, and has to be what is known to fail.
fn up_and_down(name: &str, config: &str, known: &[Fault]) {
    let Some(folder) = corpus(name) else { return };
    let folder = folder.to_str().unwrap();
    let database = Database::new();
    let project = Project::new().file("dbctl.toml", config);
    let dbctl = |words: &str| {
        let words = format!("{words} --local --url {}", database.url);
        project.dbctl_with(&format!("{words} --migrations"), folder)
    };
    let run = dbctl("migrate").ok();
    let applied = database.applied().len();
    assert!(run.stdout.contains(&format!("Applied {applied} migrations")), "{run}");
    dbctl("migrate").ok().answers("Nothing to do");

    let mut found = Vec::new();
    loop {
        let run = dbctl("rollback --to 0 --yes");
        if run.code == Some(0) {
            break;
        }
        let faults = faults(&run);
        assert!(!faults.is_empty(), "{run}");
        for (migration, said) in faults {
            writeln!(std::io::stderr(), "{name}: the way back of {migration} fails: {said}").ok();
            database.run(&format!(
                "delete from dbctl.schema_history where version in \
                 (select key from dbctl.event where version || '_' || name = '{migration}')"
            ));
            found.push((migration, said));
        }
    }
    assert!(database.applied().is_empty());
    let expected: Vec<_> = known.iter().map(|fault| (fault.migration.to_owned(), fault.said.to_owned())).collect();
    let reasons: Vec<_> = known.iter().map(|fault| (fault.migration, fault.why)).collect();
    assert_eq!(found, expected, "known are {reasons:#?}");
}

/// The migrations that a rollback stopped at, each with the server's words or with what it lacks.
fn faults(run: &Output) -> Vec<(String, String)> {
    let quoted = |text: &str| text.split('`').nth(1).map(str::to_owned);
    let lacking = run.stderr.lines().filter(|line| line.ends_with(": there is none"));
    let lacking = lacking.filter_map(|line| Some((quoted(line)?, "no down file".to_owned())));
    let failed = run.stderr.split_once("the rollback of ").and_then(|(_, rest)| quoted(rest));
    // The caret's line: `  |   ^^^^ 42703 undefined_column: …`.
    let caret = run.stderr.lines().find_map(|line| Some(line.split_once("^ ")?.1.to_owned()));
    lacking.chain(failed.zip(caret)).collect()
}
