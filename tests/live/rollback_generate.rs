//! `dbctl rollback --generate`: the missing down files, in every layout, where dbctl finds them again.

use dbctl::exit::Exit;

use crate::support::{Database, Project};

const UPS: [&str; 3] = [
    "create table users (id bigint primary key, name text, note text);\ncreate view names as select name from users;",
    "drop view names;\nalter table users drop column note, add column mail text;\nalter table users rename name to full_name;",
    "create function f() returns int language sql as 'select 1';\ncreate index on users (mail);",
];

/// Writes the ups in a layout, generates, and goes up, down and up again with what was written.
fn round(project: Project, database: &Database, ups: [&str; 3], downs: [&str; 3]) {
    let project = project.variable("DBCTL_SHADOW_URL", &database.url);
    for (path, sql) in ups.iter().zip(UPS) {
        project.write(path, sql);
    }
    let answer = project.dbctl("rollback --generate").ok().answers("Wrote 3 down files, proved on PostgreSQL");
    for path in downs {
        answer.clone().answers(path);
        assert!(project.read(path).starts_with("-- Takes back: "), "{path}");
    }
    project.dbctl("rollback --generate").ok().answers("Nothing to do: every migration has a down file");
    project.dbctl("migrate --local").ok().answers("Applied 3 migrations");
    project.dbctl("rollback --local --yes --to 0").ok().answers("Rolled back 3 migrations");
    assert!(!database.has("users"));
    project.dbctl("migrate --local").ok().answers("Applied 3 migrations");
}

#[test]
fn down_files_are_written_where_each_layout_has_them() {
    let layouts = [
        (
            ["migrations/20240101000000_a.sql", "migrations/20240102000000_b.sql", "migrations/20240103000000_c.sql"],
            [
                "migrations/20240101000000_a.down.sql",
                "migrations/20240102000000_b.down.sql",
                "migrations/20240103000000_c.down.sql",
            ],
        ),
        (
            ["migrations/1_a.up.sql", "migrations/2_b.up.sql", "migrations/3_c.up.sql"],
            ["migrations/1_a.down.sql", "migrations/2_b.down.sql", "migrations/3_c.down.sql"],
        ),
        // drizzle: what its journal does not name it does not run.
        (
            ["migrations/0000_a.sql", "migrations/0001_b.sql", "migrations/0002_c.sql"],
            ["migrations/0000_a.down.sql", "migrations/0001_b.down.sql", "migrations/0002_c.down.sql"],
        ),
        (
            [
                "migrations/2024-01-01-000000_a/up.sql",
                "migrations/2024-01-02-000000_b/up.sql",
                "migrations/2024-01-03-000000_c/up.sql",
            ],
            [
                "migrations/2024-01-01-000000_a/down.sql",
                "migrations/2024-01-02-000000_b/down.sql",
                "migrations/2024-01-03-000000_c/down.sql",
            ],
        ),
        (
            [
                "migrations/20240101000000_a/migration.sql",
                "migrations/20240102000000_b/migration.sql",
                "migrations/20240103000000_c/migration.sql",
            ],
            [
                "migrations/20240101000000_a/down.sql",
                "migrations/20240102000000_b/down.sql",
                "migrations/20240103000000_c/down.sql",
            ],
        ),
    ];
    for (ups, downs) in layouts {
        let database = Database::new();
        round(Project::with_local(&database), &database, ups, downs);
    }
}

#[test]
fn supabases_own_tool_does_not_find_them() {
    // It takes every `DIGITS_name.sql` of its folder for a migration, and would run a down file before its migration.
    let database = Database::new();
    let project = Project::empty().file("dbctl.toml", "[local]\nplatform = \"supabase\"\n");
    let project = project.variable("DBCTL_LOCAL_URL", &database.url);
    round(
        project,
        &database,
        [
            "supabase/migrations/20240101000000_a.sql",
            "supabase/migrations/20240102000000_b.sql",
            "supabase/migrations/20240103000000_c.sql",
        ],
        [
            "supabase/rollbacks/20240101000000_a.down.sql",
            "supabase/rollbacks/20240102000000_b.down.sql",
            "supabase/rollbacks/20240103000000_c.down.sql",
        ],
    );
}

#[test]
fn what_somebody_has_written_stays_and_a_template_does_not() {
    let database = Database::new();
    let project = Project::with_local(&database).variable("DBCTL_SHADOW_URL", &database.url);
    let project = project.up("1_a", "create table a ()").down("1_a", "drop table a; -- mine");
    project.dbctl("new second").ok();
    let new = project.files().into_iter().find(|it| it.ends_with("2_second.down.sql")).unwrap();
    project.write("migrations/2_second.sql", "create table b (); insert into b default values");
    project.dbctl("rollback --generate").ok().answers("2_second.down.sql").answers("Wrote 1 down file");
    assert!(fs_err::read_to_string(&new).unwrap().contains("drop table public.b;"));
    assert_eq!(project.read("migrations/1_a.down.sql"), "drop table a; -- mine");
    let refused = project.dbctl("rollback --generate 1").ends(Exit::Refused);
    refused.says("`migrations/1_a.down.sql` is there already").says("--force");
    project.dbctl("rollback --generate 1 --force").ok();
    assert!(project.read("migrations/1_a.down.sql").contains("drop table public.a;"));
}

#[test]
fn what_only_a_person_can_take_back_is_not_written_and_said() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_a", "create table a (id int)")
        .up("2_rows", "update a set id = 1;")
        .up("3_both", "delete from a;\nalter table a add column b int;");
    let answer = project.dbctl("rollback --generate").ends(Exit::No);
    let answer = answer.answers("2_rows").answers("only a person knows how to change them back");
    answer.answers("Wrote 2 down files").answers("1 migration needs one by hand");
    let text = project.read("migrations/3_both.down.sql");
    assert!(
        text.contains("-- decide: DELETE in line 1: the rows that were taken out of public.a do not come back"),
        "{text}"
    );
    let json = project.dbctl("rollback --generate --format json").ends(Exit::No).json();
    assert_eq!(json["migrations"][0]["version"], "2");
    assert_eq!(json["migrations"][0]["verdict"], "not-reversible");
}
