create function f() returns int language sql as $$ select 1 $$;
create procedure p() language sql as $$ select 1 $$;
create aggregate g(int) (sfunc = int4larger, stype = int);
revoke execute on function f() from public;
grant execute on function f() to k3_one with grant option;
grant execute on procedure p() to k3_two;
revoke execute on function g(int) from public;
grant execute on function g(int) to k3_two;
