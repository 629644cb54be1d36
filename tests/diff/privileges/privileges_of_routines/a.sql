create function f() returns int language sql as $$ select 1 $$;
create procedure p() language sql as $$ select 1 $$;
grant execute on function f() to k3_one;
