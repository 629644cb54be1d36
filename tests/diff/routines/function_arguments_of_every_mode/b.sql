create type pair as (x int, y int);
create table rows_of (id int primary key, p pair);
create function modes(a int, out b int, inout c text, variadic d int[] default '{}') language sql as $$ select 1, 'x' $$;
create function unnamed(int, text default 'it''s', "Select" numeric default 1.5) returns int language sql as $$ select $1 $$;
create function as_table(min int) returns table (id int, "Name" text, p pair) language sql as $$ select 1, 'a', null::pair $$;
create function as_rows() returns setof rows_of language sql stable as $$ select * from rows_of $$;
create function of_any(a anyelement, b anyarray) returns anyelement language sql as $$ select a $$;
create function as_record() returns record language sql as $$ select 1, 2 $$;
create function arrays(a pair[], b rows_of) returns pair[] language sql as $$ select a $$;
