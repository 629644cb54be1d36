create type c as (a bigint, b text, z int); create type n as (c c, cs c[]);
create table t (id int primary key, c c, cs c[], n n default row(row(1,'a',2),'{}')::n);
create function f(c) returns n language sql as $$ select null::n $$;
create view v as select (c).a from t; create index i on t (((c).a));
alter table t add check ((c).a > 0); alter table t add g bigint generated always as ((c).a) stored;
create domain dc as c check ((value).a > 0); create table u (d dc);
comment on column c.a is 'attr'; comment on type c is 'c';
