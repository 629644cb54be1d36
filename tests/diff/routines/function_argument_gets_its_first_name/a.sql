create function f(int) returns int language sql as $$ select $1 $$;
create table t (a int check (f(a) > 0));
