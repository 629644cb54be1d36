create function f(a int, b int default 5, c int default 2) returns int language sql as $$ select a + b + c $$;
create table t (id int default f(1, 2));
create view v as select f(1, 2) as n;
