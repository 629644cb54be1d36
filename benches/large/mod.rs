//! A large schema as SQL, the same at every run, and ten changes of it.

/// How much of everything there is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Tables of six columns and two indexes each, beside that of the primary key.
    pub tables: usize,
    /// Functions.
    pub functions: usize,
}

impl Size {
    /// So many tables, and three functions to five of them.
    pub fn of(tables: usize) -> Self {
        // The functions come in fours, and the changes name some of the first.
        let tables = tables.max(100);
        Self { tables, functions: tables * 3 / 5 / 4 * 4 }
    }
}

impl Default for Size {
    fn default() -> Self {
        Self::of(5_000)
    }
}

/// How many schemas share the objects.
const SCHEMAS: usize = 10;

/// A transaction takes no more locks than a server gives by default.
const TABLES_OF_A_TRANSACTION: usize = 100;

/// A role that every server has, for grants and policies.
const READER: &str = "pg_monitor";

/// The schema as a script.
pub fn script(size: Size) -> String {
    let mut sql = String::from("set check_function_bodies = off;\nset client_min_messages = warning;\n");
    for number in 0..SCHEMAS {
        sql += &format!("create schema app_{number};\ngrant usage on schema app_{number} to {READER};\n");
        sql += &types(number);
    }
    sql += "begin;\n";
    for number in 0..size.functions {
        sql += &function(number);
    }
    sql += "commit;\n";
    for first in (0..size.tables).step_by(TABLES_OF_A_TRANSACTION) {
        sql += "begin;\n";
        for number in first..size.tables.min(first + TABLES_OF_A_TRANSACTION) {
            sql += &table(number, size);
        }
        sql += "commit;\n";
    }
    sql
}

/// Ten changes, each of another kind.
pub const CHANGES: [&str; 10] = [
    "alter table app_1.t00011 add column note text not null default ''",
    "alter table app_8.t00018 alter column amount type numeric(14, 4)",
    "create index t00013_amount_idx on app_3.t00013 (amount)",
    "drop index app_4.t00014_title_idx",
    "create or replace function app_5.f00015(a integer, b text default 'x') returns text language sql stable \
     as $$ select b || a $$",
    "create view app_6.v_new as select id, title from app_6.t00016",
    "alter policy own on app_0.t00020 using (title is not null)",
    "comment on table app_7.t00017 is 'changed'",
    "create table app_8.t_new (id bigint primary key, of uuid)",
    "revoke select on app_0.t00030 from pg_monitor",
];

fn types(schema: usize) -> String {
    format!(
        "create type app_{schema}.state as enum ('new', 'open', 'closed');
create domain app_{schema}.email as text check (value like '%@%');
create type app_{schema}.place as (street text, town text);
create sequence app_{schema}.numbers;
"
    )
}

fn function(number: usize) -> String {
    let name = format!("app_{}.f{number:05}", number % SCHEMAS);
    match number % 4 {
        0 => format!(
            "create function {name}() returns trigger language plpgsql as $$
begin
  -- The time of the last change.
  new.created_at := now();
  return new;
end
$$;
"
        ),
        1 => format!(
            "create function {name}(low bigint, high bigint, out total numeric) language plpgsql security definer \
             set search_path = '' as $$
begin
  for total in select sum(n) from generate_series(low, high) as n loop
    raise debug 'f{number}: %', total;
  end loop;
end
$$;
"
        ),
        2 => format!(
            "create function {name}(rows app_{0}.place[]) returns setof app_{0}.place language sql stable rows 10 \
             as $$ select * from unnest(rows) $$;
comment on function {name}(app_{0}.place[]) is 'The places, f{number}';
",
            number % SCHEMAS
        ),
        _ => format!(
            "create function {name}(a integer, b text default 'x') returns text language sql immutable parallel safe \
             as $$ select a || b || '{number}' $$;
"
        ),
    }
}

/// The SQL of a table with all that it has.
fn table(number: usize, size: Size) -> String {
    let schema = number % SCHEMAS;
    let named = |number: usize| format!("app_{}.t{number:05}", number % SCHEMAS);
    let (name, table) = (format!("t{number:05}"), named(number));
    let id = if number.is_multiple_of(5) {
        "id bigint generated always as identity primary key"
    } else {
        "id bigint primary key"
    };
    // One of those before, in whichever schema.
    let above = named(number * 7 / 11);
    let mut sql = format!(
        "create table {table} (
  {id},
  above bigint references {above} on delete cascade,
  state app_{schema}.state not null default 'new',
  title text not null check (title <> ''),
  amount numeric(12, 2) default 0,
  created_at timestamptz not null default now()
);
create index {name}_above_idx on {table} (above, created_at desc);
create index {name}_title_idx on {table} (lower(title)) where state <> 'closed';
comment on table {table} is 'The rows of {name}';
"
    );
    let mut every = |nth: usize, more: String| {
        if number.is_multiple_of(nth) {
            sql += &more;
        }
    };
    every(2, format!("comment on column {table}.above is 'The row that {name} belongs to';\n"));
    every(2, format!("grant select, insert on {table} to {READER};\n"));
    every(5, format!("alter table {table} add constraint {name}_title_key unique (title, above);\n"));
    every(
        5,
        format!(
            "alter table {table} enable row level security;
create policy own on {table} for select to {READER} using (above is not null);
create policy wide on {table} as restrictive for update using (true) with check (amount >= 0);
"
        ),
    );
    let trigger = number / 4 * 4 % size.functions;
    every(
        5,
        format!(
            "create trigger touch before update on {table} for each row execute function app_{}.f{trigger:05}();\n",
            trigger % SCHEMAS
        ),
    );
    every(
        10,
        format!(
            "create view app_{schema}.v{number:05} as
  select t.id, t.title, sum(a.amount) as total
  from {table} as t
  join {above} as a on a.id = t.above
  where t.state = 'open'
  group by t.id, t.title;
"
        ),
    );
    every(
        100,
        format!(
            "create materialized view app_{schema}.m{number:05} as select state, count(*) from {table} group by state;\n"
        ),
    );
    sql
}
