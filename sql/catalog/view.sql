-- purpose: views
-- catalog: pg_class
select
  c.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.relname::text as name,
  '' as part,
  pg_get_userbyid(c.relowner)::text as owner,
  c.relacl::text[] as acl,
  json_build_object(
    'query', regexp_replace(ltrim(pg_get_viewdef(c.oid)), ';$', ''),
    'options', coalesce((
      select json_agg(json_build_array(split_part(option, '=', 1), substr(option, strpos(option, '=') + 1)) order by number)
      from unnest(c.reloptions) with ordinality as o (option, number)
      where option not like 'check\_option=%'
    ), '[]'),
    'checkOption', (
      select substr(option, strpos(option, '=') + 1)
      from unnest(c.reloptions) as o (option)
      where option like 'check\_option=%'
    )
  )::text as object
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v'
  and c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
order by n.nspname, c.relname
