-- purpose: domains
-- catalog: pg_type
select
  t.oid,
  0 as part_number,
  n.nspname::text as schema,
  t.typname::text as name,
  '' as part,
  pg_get_userbyid(t.typowner)::text as owner,
  t.typacl::text[] as acl,
  json_build_object(
    'dataType', format_type(t.typbasetype, t.typtypmod),
    'collation', case when t.typcollation <> b.typcollation then (
      select format('%I.%I', cn.nspname, co.collname)
      from pg_collation co
      join pg_namespace cn on cn.oid = co.collnamespace
      where co.oid = t.typcollation
    ) end,
    'default', coalesce(pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), t.typdefault),
    {% if version < 17 %}
    'notNull', t.typnotnull
    {% else %}
    'notNull', false
    {% endif %}
  )::text as object
from pg_type t
join pg_type b on b.oid = t.typbasetype
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'd'
  and n.nspname not in ('pg_catalog', 'information_schema')
order by n.nspname, t.typname
