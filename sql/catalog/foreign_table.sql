-- purpose: foreign tables, partitions too
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
    'server', s.srvname,
    'options', coalesce((
      select json_agg(json_build_array(o.option_name, o.option_value) order by o.option_name)
      from pg_options_to_table(f.ftoptions) as o
    ), '[]')
  )::text as object
from pg_foreign_table f
join pg_class c on c.oid = f.ftrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_foreign_server s on s.oid = f.ftserver
order by n.nspname, c.relname
