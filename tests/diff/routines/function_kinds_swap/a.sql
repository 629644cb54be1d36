create function f(a int) returns int language sql as $$ select a $$;
create procedure p(a int) language sql as $$ select a $$;
create function s(a int, b int) returns int language sql immutable as $$ select a + b $$;
create aggregate g(int) (sfunc = s, stype = int);
