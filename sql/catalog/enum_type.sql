-- purpose: enum types
-- catalog: pg_type
select
  t.oid,
  0 as part_number,
  n.nspname::text as schema,
  t.typname::text as name,
  '' as part,
  pg_get_userbyid(t.typowner)::text as owner,
  t.typacl::text[] as acl,
  json_build_object('labels', coalesce((
    select json_agg(e.enumlabel order by e.enumsortorder)
    from pg_enum e
    where e.enumtypid = t.oid
  ), '[]'))::text as object
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'e'
  and n.nspname not in ('pg_catalog', 'information_schema')
order by n.nspname, t.typname
