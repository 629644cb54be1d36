create procedure p(a int, inout b int) language plpgsql as $$ begin b := a; end $$;
create procedure q(a int) language sql as $$ select 1 $$;
create procedure r(a int, out x text) language plpgsql as $$ begin x := 'a'; end $$;
comment on procedure p(int, int) is 'kept';
grant execute on procedure p(int, int) to public;
