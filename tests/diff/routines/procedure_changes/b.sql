create procedure p(a int, inout c int) language plpgsql as $$ begin c := a; end $$;
create procedure q(a int) language sql security definer set search_path = '' as $$ select 2 $$;
create procedure r(a int, out x text) language plpgsql as $$ begin x := 'b'; end $$;
create procedure s(out n int) language plpgsql as $$ begin n := 1; end $$;
comment on procedure p(int, int) is 'kept';
comment on procedure r(int, out text) is 'gives x';
revoke execute on procedure q(int) from public;
