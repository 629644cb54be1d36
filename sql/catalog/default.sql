-- purpose: defaults of columns; what a generated column is computed from belongs to the column
-- catalog: pg_attrdef
-- A default names no column, so that no table has to be opened to write it down.
select
  d.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.relname::text as name,
  a.attname::text as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object('expression', pg_get_expr(d.adbin, 0))::text as object
from pg_attrdef d
join pg_class c on c.oid = d.adrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
where a.attgenerated = ''
  and c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema')
order by n.nspname, c.relname, a.attnum
