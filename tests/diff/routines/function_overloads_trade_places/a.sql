create function f(a int, b text default 'x') returns int language sql as $$ select a $$;
create function f(a text) returns int language sql as $$ select 1 $$;
create table t (id int default f(1));
