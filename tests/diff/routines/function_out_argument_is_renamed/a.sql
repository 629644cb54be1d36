create function one(out a int) language sql as $$ select 1 $$;
create function two(out a int, out b int) language sql as $$ select 1, 2 $$;
create function tab() returns table (a int) language sql as $$ select 1 $$;
