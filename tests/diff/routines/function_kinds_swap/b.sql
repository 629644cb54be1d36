create procedure f(a int) language sql as $$ select a $$;
create function p(a int) returns int language sql as $$ select a $$;
create function s(a int, b int) returns int language sql immutable as $$ select a + b $$;
create function g(int) returns int language sql as $$ select $1 $$;
