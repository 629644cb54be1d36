create function f(a int, b int, c int default 2) returns int language sql as $$ select a + b + c $$;
create function g(a anyelement default 'x'::text) returns anyelement language sql as $$ select a $$;
