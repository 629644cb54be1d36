//! Where an error is: file, line and column, whatever the file is made of.

use dbctl::exit::Exit;

use crate::support::{Database, Output, Project};

fn failing(sql: &str) -> Output {
    let database = Database::new();
    Project::with_local(&database).up("1_bad", sql).dbctl("migrate --local").ends(Exit::RolledBack)
}

#[test]
fn counts_characters_in_a_file_with_many_byte_characters() {
    failing("-- Größe, 大きさ, 🐘\ncreate table t (a text);\ninsert into t values ('🐘é'), (nope);\n")
        .says("migrations/1_bad.sql:3:31")
        .says("42703 undefined_column")
        .says("insert into t values ('🐘é'), (nope);");
}

#[test]
fn finds_the_line_of_a_do_block() {
    failing("select 1;\ndo $$\nbegin\n  perform 1;\n  raise exception 'ürgs';\nend\n$$;\n")
        .says("migrations/1_bad.sql:5:3")
        .says("P0001 raise_exception: ürgs");
}

#[test]
fn shows_the_query_inside_a_function_that_is_called() {
    failing(
        "create function f() returns void language plpgsql as $$\nbegin\n  insert into nowhere values (1);\nend\n$$;\n\
         select f();\n",
    )
    .says("migrations/1_bad.sql:6:")
    .says("42P01 undefined_table")
    .says("insert into nowhere values (1)")
    .says("PL/pgSQL function f() line 3");
}

#[test]
fn counts_lines_and_columns_with_windows_line_ends() {
    failing("select 1;\r\nselect 2;\r\nselect a,\r\n  nope;\r\n").says("migrations/1_bad.sql:3:8").says("\"a\"");
}

#[test]
fn counts_tabs_as_one_column() {
    failing("\tselect\t nope;").says("migrations/1_bad.sql:1:10");
}

#[test]
fn points_at_what_a_constraint_is_about() {
    failing("create table t (a int);\ninsert into t values (1);\nalter table t\n  add column b text not null;\n")
        .says("migrations/1_bad.sql:4:14")
        .says("23502 not_null_violation")
        .says("help: ");
}

#[test]
fn says_who_holds_the_lock_that_was_waited_for() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t (a int)");
    project.dbctl("migrate --local").ok();
    let other = database.session();
    other.run("begin; select count(*) from t");
    let project = project.up("2_alter", "alter table t add b int");
    project
        .dbctl("migrate --local")
        .ends(Exit::RolledBack)
        .says("55P03 lock_not_available")
        .says("holds AccessShareLock on `t`")
        .says("idle in transaction");
}

#[test]
fn refuses_a_file_that_cannot_be_split_and_points_at_the_quote() {
    let database = Database::new();
    Project::with_local(&database)
        .up("1_bad", "select 1;\nselect 'never ends;\n")
        .dbctl("migrate --local")
        .ends(Exit::Project)
        .says("migrations/1_bad.sql:2:8")
        .says("nothing was run");
}
