-- purpose: the tables of publications, with the columns and the rows that are published
-- catalog: pg_publication_rel
select
  r.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.relname::text as name,
  p.pubname::text as part,
  null::text as owner,
  null::text[] as acl,
  {% if version >= 15 %}
  json_build_object(
    'columns', coalesce((
      select json_agg(a.attname order by a.attname)
      from pg_attribute a
      where a.attrelid = c.oid and a.attnum = any (r.prattrs)
    ), '[]'),
    'filter', pg_get_expr(r.prqual, r.prrelid)
  )::text as object
  {% else %}
  '{}' as object
  {% endif %}
from pg_publication_rel r
join pg_publication p on p.oid = r.prpubid
join pg_class c on c.oid = r.prrelid
join pg_namespace n on n.oid = c.relnamespace
order by p.pubname, n.nspname, c.relname
