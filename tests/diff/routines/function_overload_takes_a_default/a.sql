create function f(a int) returns int language sql immutable as $$ select a $$;
create table t (id int default f(1), b int default f(2), check (f(id) > 0));
create view v as select f(1) as n;
