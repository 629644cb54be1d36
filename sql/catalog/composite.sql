-- purpose: composite types made by themselves
-- catalog: pg_type
select
  t.oid,
  0 as part_number,
  n.nspname::text as schema,
  t.typname::text as name,
  '' as part,
  pg_get_userbyid(t.typowner)::text as owner,
  t.typacl::text[] as acl,
  json_build_object('attributes', coalesce((
    select json_agg(json_build_object(
      'name', a.attname,
      'dataType', format_type(a.atttypid, a.atttypmod),
      'collation', case when a.attcollation <> at.typcollation then (
        select format('%I.%I', cn.nspname, co.collname)
        from pg_collation co
        join pg_namespace cn on cn.oid = co.collnamespace
        where co.oid = a.attcollation
      ) end
    ) order by a.attnum)
    from pg_attribute a
    join pg_type at on at.oid = a.atttypid
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ), '[]'))::text as object
from pg_type t
join pg_class c on c.oid = t.typrelid
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'c' and c.relkind = 'c'
  and n.nspname not in ('pg_catalog', 'information_schema')
order by n.nspname, t.typname
