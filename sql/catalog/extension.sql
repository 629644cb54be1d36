-- purpose: extensions, but for those that every database has
-- catalog: pg_extension
select
  e.oid,
  0 as part_number,
  '' as schema,
  e.extname::text as name,
  '' as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object(
    'schema', n.nspname,
    'version', nullif(e.extversion, v.default_version),
    'relocatable', e.extrelocatable,
    'comment', v.comment
  )::text as object
from pg_extension e
join pg_namespace n on n.oid = e.extnamespace
left join pg_available_extensions() v on v.name = e.extname
where e.oid >= 16384
order by e.extname
