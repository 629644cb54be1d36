-- purpose: default privileges, by role, schema and kind of objects
-- catalog: pg_default_acl
select
  d.oid,
  0 as part_number,
  coalesce(n.nspname, '')::text as schema,
  pg_get_userbyid(d.defaclrole)::text as name,
  case d.defaclobjtype
    when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types'
    when 'n' then 'schemas' when 'L' then 'large objects'
  end as part,
  pg_get_userbyid(d.defaclrole)::text as owner,
  d.defaclacl::text[] as acl,
  '{}' as object
from pg_default_acl d
left join pg_namespace n on n.oid = d.defaclnamespace
order by 3, 4, 5
