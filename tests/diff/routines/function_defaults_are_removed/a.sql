create function f(a int, b int default 5, c int default 2) returns int language sql as $$ select a + b + c $$;
create function g(a anyelement default 1) returns anyelement language sql as $$ select a $$;
