-- purpose: transforms of types for languages
-- catalog: pg_transform
select
  t.oid,
  0 as part_number,
  '' as schema,
  format_type(t.trftype, null) as name,
  l.lanname::text as part,
  null::text as owner,
  null::text[] as acl,
  json_strip_nulls(json_build_object(
    'fromSql', case when t.trffromsql <> 0 then t.trffromsql::regprocedure::text end,
    'toSql', case when t.trftosql <> 0 then t.trftosql::regprocedure::text end
  ))::text as object
from pg_transform t
join pg_language l on l.oid = t.trflang
where t.oid >= 16384
order by 4, 5
