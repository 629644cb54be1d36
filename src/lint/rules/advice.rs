//! What rules advise where their usual words would be wrong.

use crate::lint::{Config, Input, example, lint, parse_all};

/// A rule, migrations, and a part of what it says there; `$` stands at the end of each message, note and help.
const CASES: &[(&str, &str, &str)] = &[
    (
        "mixed-ddl-dml",
        "create table t (a int);\n-- then\nalter table t add column b int; update t set b = a where b is null;",
        "behind this one",
    ),
    (
        "mixed-ddl-dml",
        "create table t (a int);\n-- then\nupdate t set a = 0 where a is null; alter table t alter a set not null;",
        "before this one",
    ),
    (
        "mixed-ddl-dml",
        "create table t (a int); create table u (a int);\n-- then\nalter table t add column b int;\nupdate t set b = u.a from u where u.a = t.a;\ndrop table u;",
        "(from line 3 on)",
    ),
    (
        "idempotent-insert",
        "create table t (on_sale boolean);\n-- then\ninsert into t (on_sale) values (true);",
        "insert `where not exists (…)`, or make a unique key first",
    ),
    (
        "idempotent-insert",
        "create table t (id int generated always as identity primary key, a int);\n-- then\ninsert into t (a) values (1);",
        "insert `where not exists (…)`, or make a unique key first",
    ),
    (
        "idempotent-insert",
        "create table t (id int primary key, a int);\n-- then\ninsert into t (id, a) values (1, 1);",
        "`t_pkey` stops it",
    ),
    (
        "idempotent-drop-view",
        "create view v as select 1 as a;\n-- then\ndrop view v;\ncreate table v (a int);",
        "give the table another name",
    ),
    (
        "rls-role-missing",
        "create table t (id int, user_id uuid);\ncreate policy p on t for select using (user_id = auth.uid() or auth.role() = 'service_role');",
        "write `to authenticated`: nobody else can meet its condition",
    ),
    (
        "rls-role-missing",
        "create table t (id int, user_id uuid);\ncreate policy p on t using (auth.role() = 'service_role');",
        "drop the policy",
    ),
    (
        "duplicate-index",
        "create table t (a int constraint one unique);\ncreate table u (a int references t (a));\nalter table t add primary key (a);\ncreate table w (a int references t (a));",
        "`u_a_fkey` of `public.u`, `w_a_fkey` of `public.w`",
    ),
    (
        "org-id",
        "create table projects (id uuid primary key);\n-- then\ncreate table organizations (id uuid primary key);",
        "add it in a migration of its own",
    ),
    (
        "statement-after-exclusive",
        "create table t (a int);\n-- then\nalter table t add column b int;\ncreate temporary table kept as select a from t;",
        "together with everything that uses `kept`",
    ),
    (
        "filename-format",
        "-- file: 20240101000000_Create-Orders.sql\ncreate table t (a int);",
        "`20240101000000_create_orders.sql`",
    ),
    (
        "drop-default",
        "create table t (a int not null default 1);\n-- then\nalter table t alter a drop not null, alter a drop default;",
        "`a` of `public.t` get null from now on",
    ),
    (
        "fk-not-valid",
        "create table t (a int);\n-- then\ncreate table u (a int primary key);\nalter table t add foreign key (a) references u (a);",
        "blocks writes to `public.t`$",
    ),
    (
        "function-search-path",
        "create table t (a int);\ncreate function done() returns void language sql as 'select 1';\ncreate function f() returns trigger language plpgsql as $$ begin perform done() from fresh; return null; end $$;\ncreate trigger f after insert on t referencing new table as fresh for each statement execute function f();",
        "write `done` with its schema",
    ),
    (
        "idempotent-rename",
        "create table t (a int);\n-- then\nalter table t rename column a to a_old;\nalter table t add column if not exists a bigint;",
        "if not exists (select from pg_attribute where attrelid = to_regclass('t') and attname = 'a_old'",
    ),
    (
        "primary-key",
        "create table t (a int not null, b int);\ncreate unique index t_a on t (a);",
        "add primary key using index t_a;",
    ),
    ("primary-key", "create table t (a int not null unique, id int);", "add primary key (a);"),
    (
        "primary-key-index",
        "create table t (a int constraint t_pkey primary key, b int not null);\n-- then\nalter table t drop constraint t_pkey, add constraint t_pkey primary key (a, b);",
        "drop constraint t_pkey, add constraint t_pkey primary key using index t_pkey_new;",
    ),
    (
        "primary-key-index",
        "create table t (a int constraint t_pkey primary key, b int not null);\n-- then\nalter table t drop constraint t_pkey;\nalter table t add primary key (a, b);",
        "add constraint t_pkey primary key using index t_pkey_new;",
    ),
    (
        "unique-constraint-index",
        "create table t (a int);\n-- then\nalter table t add column b int, add constraint t_b unique (a, b);",
        "behind the one that adds the column",
    ),
];

#[test]
fn advice_fits_what_is_there() {
    for (rule, sql, expected) in CASES {
        let config = Config { only: [(*rule).to_owned()].into(), ..Config::default() };
        let inputs = example::inputs(sql).into_iter().map(|input| Input { selected: true, ..input }).collect();
        let findings = lint(&parse_all(inputs), &config).findings;
        let said = findings.iter().flat_map(|it| it.helps.iter().chain(&it.notes).chain([&it.message]));
        let said: Vec<String> = said.map(|said| format!("{said}$")).collect();
        assert!(said.iter().any(|said| said.contains(expected)), "{rule}: {said:?}\n{sql}");
    }
}
