-- purpose: schemas
-- catalog: pg_namespace
select
  n.oid,
  0 as part_number,
  '' as schema,
  n.nspname::text as name,
  '' as part,
  pg_get_userbyid(n.nspowner)::text as owner,
  n.nspacl::text[] as acl,
  '{}' as object
from pg_namespace n
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname
