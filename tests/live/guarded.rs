//! What `verify` says of statements that do something again: which they are, and a form in which they do not.

use serde_json::Value;

use crate::support::{Database, Project};

/// Migrations, and for each statement at fault its line and its guarded form.
const CASES: &[(&str, &[(u64, &str)])] = &[
    ("comment on table a is 'x';\ncreate index on a (n);", &[(2, "create index if not exists a_n_idx on a (n)")]),
    (
        "create index on a using hash (t_id);\ncreate index on a (t_id, n);",
        &[
            (1, "create index if not exists a_t_id_idx on a using hash (t_id)"),
            (2, "create index if not exists a_t_id_n_idx on a (t_id, n)"),
        ],
    ),
    (
        "alter table a add check (n > 1), add column if not exists q int;",
        &[(
            1,
            "alter table a drop constraint if exists a_n_check1;\n\
             alter table a add constraint a_n_check1 check (n > 1), add column if not exists q int",
        )],
    ),
    (
        "alter table a add foreign key (t_id) references t (id);",
        &[(
            1,
            "alter table a drop constraint if exists a_t_id_fkey;\n\
             alter table a add constraint a_t_id_fkey foreign key (t_id) references t (id)",
        )],
    ),
    (
        "insert into b values (1, null, '{}');",
        &[(
            1,
            "insert into b (id, name, more) select 1, null, '{}' where not exists (select from b where id = 1 and name is null)",
        )],
    ),
    ("update b set id = 7;\nupdate t set id = id + 1;", &[(2, "")]),
];

#[test]
fn statements_that_do_something_again_are_named_with_a_form_that_does_not() {
    let database = Database::new();
    let project = Project::with_local(&database).variable("DBCTL_SHADOW_URL", &database.url).up(
        "1_base",
        "create table t (id int primary key); insert into t values (1); create table b (id int, name text, more json); \
         create table a (id int, n int, t_id int, constraint a_n_check check (n > 0));",
    );
    for (text, wanted) in CASES {
        project.write("migrations/2_next.sql", text);
        let output = project.dbctl("verify 2 --format json");
        let json = output.json();
        let again = &json["migrations"][0]["idempotent"];
        let statements: &[Value] = again["statements"].as_array().map(Vec::as_slice).unwrap_or_default();
        let found: Vec<(u64, &str)> = statements
            .iter()
            .map(|it| (it["line"].as_u64().unwrap(), it["guarded"].as_str().unwrap_or_default()))
            .collect();
        assert_eq!(found, *wanted, "{text}{output}");
        // To drop what the second run has made mends nothing.
        assert!(!again["differs"].to_string().contains("drop "), "{output}");
        if wanted.iter().any(|(_, form)| form.is_empty()) {
            assert!(statements[0]["why"].as_str().unwrap().starts_with("`id = id + 1` starts from"), "{output}");
            continue;
        }
        // The guarded forms keep their word.
        assert_eq!(again["guarded"], wanted.iter().map(|(_, form)| *form).collect::<Vec<_>>().join(";\n"), "{output}");
        project.write("migrations/2_next.sql", &format!("{};", again["guarded"].as_str().unwrap()));
        let output = project.dbctl("verify 2 --format json");
        assert_eq!(output.code, Some(0), "{output}");
    }
}

#[test]
fn rows_that_are_equal_because_they_were_made_up_are_called_so() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", "create table a (id int primary key, n int);")
        .up("2_next", "create unique index if not exists a_n on a (n);");
    let output = project.dbctl("verify 2 --with-data");
    assert!(output.stderr.contains("rows were made up with equal values wherever nothing forbids it"), "{output}");
    assert!(output.stderr.contains("find the duplicates"), "{output}");
    // A table that the migration makes itself has none.
    project.write(
        "migrations/2_next.sql",
        "create table if not exists b (id int, n int); create unique index if not exists b_n on b (n);",
    );
    let output = project.dbctl("verify 2 --with-data");
    assert_eq!(output.code, Some(0), "{output}");
}
