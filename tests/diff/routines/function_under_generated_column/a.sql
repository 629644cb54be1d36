create function f(a int) returns int language sql immutable as $$ select a $$;
create table t (id int primary key, c int generated always as (f(id)) stored);
create index t_c on t (c);
comment on column t.c is 'computed';
