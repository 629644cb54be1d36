create function f(a int) returns int language sql as $$ select a $$;
create function f(a int, b text) returns int language sql as $$ select a $$;
create function f(a text) returns int language sql as $$ select 2 $$;
create table t (id int default f(1));
