//! The names that PostgreSQL makes up, and other names for what is there.

use super::check;

#[test]
fn what_has_no_name_gets_postgresqls() {
    check(&[
        (
            &["create table t (id serial primary key unique, a int check (a > 0) references t, b int unique, unique (a, b),
               check (a > b));
               create index on t (lower(b::text)); create index on t (b) include (a); create index on t ((a + b), (b + a))"],
            &[
                "table public.t (id integer not null default, a integer, b integer)",
                "t t_a_check: check (a)",
                "t t_check: check (a, b)",
                "t t_pkey: primary key (id)",
                "t t_b_key: unique (b)",
                "t t_a_b_key: unique (a, b)",
                "t t_a_fkey: (a) to public.t (id)",
                "index public.t_b_a_idx on t (b)",
                "index public.t_expr_expr1_idx on t ((), ())",
                "index public.t_lower_idx on t (())",
                "sequence public.t_id_seq of t.id",
            ],
        ),
        // Clashes are counted, over all tables of the schema.
        (
            &[
                "create table r (id int primary key); create table x (b_c int references r)",
                "create table x_b (c int references r); create index on r (id); create index on r (id)",
            ],
            &[
                "table public.r (id integer not null)",
                "r r_pkey: primary key (id)",
                "table public.x (b_c integer)",
                "x x_b_c_fkey: (b_c) to public.r (id)",
                "table public.x_b (c integer)",
                "x_b x_b_c_fkey1: (c) to public.r (id)",
                "index public.r_id_idx on r (id)",
                "index public.r_id_idx1 on r (id)",
            ],
        ),
        (
            &["create table a_very_long_table_name_that_goes_on_and_on_forever (a_rather_long_column_name_too int unique)"],
            &[
                "table public.a_very_long_table_name_that_goes_on_and_on_forever (a_rather_long_column_name_too integer)",
                "a_very_long_table_name_that_goes_on_and_on_forever \
                 a_very_long_table_name_that_g_a_rather_long_column_name_too_key: unique (a_rather_long_column_name_too)",
            ],
        ),
        (
            &["create table t (a int, b int); create unique index i on t (a); alter table t add constraint k unique using index i"],
            &["table public.t (a integer, b integer)", "t k: unique (a)"],
        ),
    ]);
}

#[test]
fn whatever_refers_to_a_renamed_thing_follows() {
    check(&[
        (
            &[
                "create schema s; create table p (id serial primary key, mail text);
                 create table c (p_id int references p, x int); create index c_x on c (x) where x > 1;
                 create view v as select p.mail, c.x from p join c on c.p_id = p.id;
                 create policy pol on c using (exists (select from p where p.id = c.p_id and mail = 'x'))",
                "alter table p rename to q; alter table q rename column id to pid; alter table q set schema s;
                 alter table c rename constraint c_p_id_fkey to fk; alter index c_x rename to cx;
                 alter view v rename to w; alter view w rename column x to y; alter policy pol on c rename to pol2",
                "drop table s.q cascade",
            ],
            &[
                "table public.c (p_id integer, x integer)",
                "index public.cx on c (x)",
            ],
        ),
        (
            &["create type mood as enum ('a'); create table t (m mood, n mood[]); create schema s",
              "alter type mood rename to feeling; alter type feeling set schema s; alter type s.feeling add value 'b';
               alter type s.feeling rename value 'a' to 'aa'; alter schema s rename to z"],
            &["table public.t (m z.feeling, n z.feeling[])", "type z.feeling (aa, b)"],
        ),
        (
            &["create function f() returns trigger language plpgsql as 'begin return new; end';
               create table t (id int); create trigger tr before insert on t for each row execute function f()",
              "alter function f() rename to g; alter trigger tr on t rename to tr2"],
            &["table public.t (id integer)", "trigger tr2 public.g", "function public.g()"],
        ),
    ]);
}

#[test]
fn a_policy_follows_a_renamed_column() {
    let schema = super::played(
        &[
            "create table m (org int, who int); create table t (org int);
           create policy p on t using (org = 1 and t.org in (select m.org from m where who = t.org))",
            "alter table m rename column org to tenant; alter table t rename to u; alter table u rename column org to o",
        ],
        false,
    );
    let policy = schema.tables.values().find(|table| table.name.name == "u").map(|table| table.policies.clone());
    let columns =
        |parts: &[crate::sql::ast::Ident]| parts.iter().map(|part| part.value.clone()).collect::<Vec<_>>().join(".");
    let exprs = policy.iter().flatten().filter_map(|it| it.using.as_ref()).flat_map(|it| it.all());
    let written: Vec<String> = exprs.filter_map(|expr| expr.as_column().map(columns)).collect();
    assert_eq!(written, ["o", "u.o", "m.tenant", "who", "u.o"]);
}
