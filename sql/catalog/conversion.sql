-- purpose: conversions between encodings
-- catalog: pg_conversion
select
  c.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.conname::text as name,
  '' as part,
  pg_get_userbyid(c.conowner)::text as owner,
  null::text[] as acl,
  json_build_object(
    'source', pg_encoding_to_char(c.conforencoding),
    'target', pg_encoding_to_char(c.contoencoding),
    'function', c.conproc::regproc::text,
    'default', c.condefault
  )::text as object
from pg_conversion c
join pg_namespace n on n.oid = c.connamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.conname
