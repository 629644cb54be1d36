//! Folders as other tools made them: versions are shown as the file names say them.

use dbctl::exit::Exit;

use crate::support::{Database, Project};

fn versions(project: &Project) -> Vec<String> {
    let status = project.dbctl("status --local --format json").ok().json();
    let migrations = status["migrations"].as_array().unwrap();
    migrations.iter().map(|migration| migration["version"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn versions_of_twenty_digits_are_shown_as_in_the_file_names() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .file("migrations/20150100000001000000_networks.up.sql", "create table n ()")
        .file("migrations/20150100000001000000_networks.down.sql", "drop table n")
        .file("migrations/20210623162417000003_tuples.up.sql", "create table t ()");
    assert_eq!(versions(&project), ["20150100000001000000", "20210623162417000003"]);
    project.dbctl("migrate --local").ok().answers("20150100000001000000");
    assert_eq!(versions(&project), ["20150100000001000000", "20210623162417000003"]);
    project.dbctl("status --local").ok().answers("20210623162417000003 tuples applied");
    assert_eq!(database.value("select version from dbctl.event limit 1"), "20150100000001000000");
    project.remove("migrations/20210623162417000003_tuples.up.sql");
    assert_eq!(versions(&project)[1], "20210623162417000003", "the history knows it too");
}

#[test]
fn diesels_versions_are_shown_as_in_the_folder_names() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .file("migrations/00000000000000_initial/up.sql", "create table i ()")
        .file("migrations/2019-03-22-170700_remove/up.sql", "create table r ()")
        .file("migrations/2019-03-22-170700_remove/down.sql", "drop table r")
        .file("migrations/2026-05-27-120000-0000_later/up.sql", "create table l ()");
    let expected = ["00000000000000", "2019-03-22-170700", "2026-05-27-120000-0000"];
    assert_eq!(versions(&project), expected);
    project.dbctl("migrate --local --to 2019-03-22-170700").ok().answers("2019-03-22-170700");
    assert_eq!(database.applied().len(), 2);
    project.dbctl("migrate --local").ok();
    assert_eq!(versions(&project), expected);
}

#[test]
fn says_which_layout_it_found() {
    for (file, layout) in [
        ("migrations/20260101000000_a.sql", "dbctl/Supabase"),
        ("migrations/000001_a.up.sql", "golang-migrate"),
        ("migrations/1_a.sql", "sqlx"),
        ("migrations/2019-03-22-170700_a/up.sql", "diesel"),
        ("migrations/20260101000000_a/migration.sql", "Prisma"),
    ] {
        Project::new().file(file, "select 1").dbctl("plan --local").ok().answers(layout);
    }
}

#[test]
fn a_mix_of_layouts_is_refused_with_the_names_of_files() {
    Project::new()
        .file("migrations/20260101000000_a.sql", "select 1")
        .file("migrations/20260101000001_b/migration.sql", "select 1")
        .dbctl("plan --local")
        .ends(Exit::Project)
        .says("20260101000000_a.sql")
        .says("20260101000001_b");
}

#[test]
fn two_files_with_one_version_are_refused_by_name() {
    Project::new()
        .up("20260101000000_a", "select 1")
        .up("20260101000000_b", "select 1")
        .dbctl("migrate --local")
        .ends(Exit::Project)
        .says("20260101000000_a.sql")
        .says("20260101000000_b.sql");
}

#[test]
fn a_file_that_fits_no_layout_is_refused_by_name() {
    Project::new()
        .up("20260101000000_a", "select 1")
        .up("later", "select 1")
        .dbctl("plan --local")
        .ends(Exit::Project)
        .says("later.sql");
}
