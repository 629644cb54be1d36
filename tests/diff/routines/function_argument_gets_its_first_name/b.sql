create function f(amount int) returns int language sql as $$ select amount $$;
create table t (a int check (f(a) > 0));
