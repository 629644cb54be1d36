//! What rules advise where their usual words would be wrong.

use crate::lint::{Config, Input, example, lint, parse_all};

/// A rule, migrations, and a part of the helps and notes of what it finds there.
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
];

#[test]
fn advice_fits_what_is_there() {
    for (rule, sql, expected) in CASES {
        let config = Config { only: [(*rule).to_owned()].into(), ..Config::default() };
        let inputs = example::inputs(sql).into_iter().map(|input| Input { selected: true, ..input }).collect();
        let findings = lint(&parse_all(inputs), &config).findings;
        let said: Vec<&String> = findings.iter().flat_map(|it| it.helps.iter().chain(&it.notes)).collect();
        assert!(said.iter().any(|said| said.contains(expected)), "{rule}: {said:?}\n{sql}");
    }
}
