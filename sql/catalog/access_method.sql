-- purpose: access methods of tables and indexes
-- catalog: pg_am
select
  a.oid,
  0 as part_number,
  '' as schema,
  a.amname::text as name,
  '' as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object(
    'what', case a.amtype when 't' then 'table' when 'i' then 'index' end,
    'handler', a.amhandler::regproc::text
  )::text as object
from pg_am a
where a.oid >= 16384
order by a.amname
