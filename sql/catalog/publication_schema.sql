-- purpose: the schemas of publications, which PostgreSQL has from 15 on
-- catalog: pg_publication_namespace
select
  {% if version >= 15 %}
  s.oid,
  0 as part_number,
  '' as schema,
  n.nspname::text as name,
  p.pubname::text as part,
  null::text as owner,
  null::text[] as acl,
  '{}' as object
from pg_publication_namespace s
join pg_publication p on p.oid = s.pnpubid
join pg_namespace n on n.oid = s.pnnspid
order by p.pubname, n.nspname
  {% else %}
  0::oid as oid, 0 as part_number, '' as schema, '' as name, '' as part, null::text as owner, null::text[] as acl, '{}' as object
where false
  {% endif %}
