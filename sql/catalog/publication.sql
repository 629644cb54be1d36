-- purpose: publications
-- catalog: pg_publication
select
  p.oid,
  0 as part_number,
  '' as schema,
  p.pubname::text as name,
  '' as part,
  pg_get_userbyid(p.pubowner)::text as owner,
  null::text[] as acl,
  json_build_object(
    'allTables', p.puballtables,
    'publish', array_remove(array[
      case when p.pubinsert then 'insert' end,
      case when p.pubupdate then 'update' end,
      case when p.pubdelete then 'delete' end,
      case when p.pubtruncate then 'truncate' end
    ], null),
    {% if version >= 18 %}
    'generatedColumns', p.pubgencols = 's',
    {% endif %}
    'viaRoot', p.pubviaroot
  )::text as object
from pg_publication p
order by p.pubname
