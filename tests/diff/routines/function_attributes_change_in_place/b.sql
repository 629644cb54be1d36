create function plain(a int) returns int language sql immutable strict leakproof security definer parallel safe cost 7
  set search_path to 'My Schema', "$user", '' set work_mem = '12MB' set plpgsql.variable_conflict = 'use_column'
  as $$ select a + 1 $$;
create view uses_it as select plain(1) as n;
create function many() returns setof int language sql stable parallel restricted rows 3 cost 0.5 as $$ select 2 $$;
