//! `dbctl diff` beside what it does not look at: who depends on what it changes, and words that are about nothing.

use dbctl::exit::Exit;

use crate::support::{Database, Project};

/// A database with a schema that others use, beside files with what its schema `public` is to be.
fn project(local: &Database) -> Project {
    local.run(
        "create table t (id int primary key, a int); \
         create schema rep; create view rep.v as select id, a from t; create table rep.r (id int references t (id)); \
         create schema \"Sch ü\"; create table \"Sch ü\".\"tmp x\" ()",
    );
    Project::with_local(local)
        .variable("DBCTL_SHADOW_URL", &local.url)
        .file("less.sql", "create table t (id int, a bigint);")
        .file("same.sql", "create table t (id int primary key, a int);")
}

#[test]
fn who_is_left_out_and_in_the_way_is_named() {
    let local = Database::new();
    let project = project(&local);
    let diff = "diff --from local --to file:less.sql --schema public";
    let answer = project.dbctl(diff).ok().never_says("not complete");
    let answer = answer.answers("may fail: fails as long as constraint r_id_fkey on rep.r, left out of the comparison");
    answer.answers("view rep.v, left out of the comparison, depends on column public.t.a");
    project.dbctl(&format!("{diff} --format sql")).ok().answers("-- may fail: fails as long as constraint r_id_fkey");
    let json = project.dbctl(&format!("{diff} --format json")).ok().json();
    let steps = json["steps"].as_array().unwrap();
    let met: Vec<_> = steps.iter().filter_map(|step| Some(step["dependants"].as_array()?[0]["name"].clone())).collect();
    assert_eq!(met, ["r", "v"]);
    // Whoever looks at them too has them dropped.
    project.dbctl("diff --from local --to file:less.sql").ok().answers("drop view rep.v").answers("drop table rep.r");
}

#[test]
fn a_schema_in_which_something_is_left_out_is_said_to_stay() {
    let local = Database::new();
    let project = project(&local);
    local.run("create schema app; create table app.keep (id serial primary key, a int); create index on app.keep (a)");
    let diff = "diff --from local --to file:same.sql --exclude app.keep --exclude rep";
    let answer = project.dbctl(diff).ok();
    let answer = answer.answers("table app.keep, left out of the comparison, depend on schema app");
    assert!(!answer.stdout.contains("drop sequence app.") && !answer.stdout.contains("drop index"), "{answer}");
}

#[test]
fn foreign_keys_of_what_is_left_out_are_no_difference() {
    let local = Database::new();
    let project = project(&local);
    project.dbctl("diff --from local --to file:same.sql --schema public").ok().never_says("catalogs differ");
    let excluded = project.dbctl_with("diff --from local --to file:same.sql --exclude rep --exclude", "\"Sch ü\"");
    excluded.ok().answers("are the same").never_says("catalogs differ").never_says("leaves out nothing");
}

#[test]
fn words_that_are_about_nothing_are_said() {
    let local = Database::new();
    let project = project(&local);
    let diff = "diff --from local --to file:same.sql --check";
    project.dbctl(&format!("{diff} --schema publik")).ends(Exit::Usage).says("did you mean `public`?");
    project.dbctl_with(&format!("{diff} --schema"), "\"Sch ü\"").ends(Exit::No).answers("tmp x");
    project.dbctl("dump local --schema nope").ends(Exit::Usage).says("there is no schema `nope`");
    project.dbctl(&format!("{diff} --schema public --exclude public.tmp*")).ok().says("leaves out nothing");
    project.write("dbctl.toml", "[diff]\nexclude = [\"rep\", '\"Sch ü\"', \"nothing\"]\n");
    project.dbctl(diff).ok().never_says("leaves out nothing");
}
