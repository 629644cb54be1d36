create domain d as bigint default 3 check (value > 0);
create table t (id int primary key, a d not null default 5, b d[], g int generated always as (1) stored);
create unique index iu on t (a); create view v as select a from t;
create function f(d) returns d language sql immutable as $$ select $1 $$;
create index fi on t (f(a));
create table c (a d references t (a));
create table p (a d, x int) partition by range (a); create table p1 partition of p for values from (1) to (10);
