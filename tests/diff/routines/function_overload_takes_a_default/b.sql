create function f(a int, b int default 0) returns int language sql immutable as $$ select a + b $$;
create table t (id int default f(1), b int default f(3), check (f(id) > 0));
create view v as select f(1) as n;
