create function plain(a int) returns int language sql as $$ select a $$;
create view uses_it as select plain(1) as n;
create function many() returns setof int language sql as $$ select 1 $$;
