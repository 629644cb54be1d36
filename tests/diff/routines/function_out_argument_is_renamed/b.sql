create function one(out b int) language sql as $$ select 1 $$;
create function two(out a int, out c int) language sql as $$ select 1, 2 $$;
create function tab() returns table (b int) language sql as $$ select 1 $$;
