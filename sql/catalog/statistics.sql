-- purpose: extended statistics
-- catalog: pg_statistic_ext
select
  s.oid,
  0 as part_number,
  n.nspname::text as schema,
  s.stxname::text as name,
  '' as part,
  pg_get_userbyid(s.stxowner)::text as owner,
  null::text[] as acl,
  json_build_object(
    'table', json_build_array(cn.nspname, c.relname),
    'definition', substr(
      pg_get_statisticsobjdef(s.oid),
      length(format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) + 1
    ),
    'target', nullif(s.stxstattarget, -1)
  )::text as object
from pg_statistic_ext s
join pg_namespace n on n.oid = s.stxnamespace
join pg_class c on c.oid = s.stxrelid
join pg_namespace cn on cn.oid = c.relnamespace
where c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema')
order by n.nspname, s.stxname
