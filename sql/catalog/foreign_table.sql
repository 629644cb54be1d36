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
    ), '[]'),
    'partitionOf', case when c.relispartition then (
      select json_build_object('schema', pn.nspname, 'name', p.relname, 'bound', pg_get_expr(c.relpartbound, c.oid))
      from pg_inherits i
      join pg_class p on p.oid = i.inhparent
      join pg_namespace pn on pn.oid = p.relnamespace
      where i.inhrelid = c.oid
    ) end,
    'inherits', coalesce((
      select json_agg(i.inhparent::regclass::text order by i.inhseqno)
      from pg_inherits i
      where i.inhrelid = c.oid and not c.relispartition
    ), '[]')
  )::text as object
from pg_foreign_table f
join pg_class c on c.oid = f.ftrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_foreign_server s on s.oid = f.ftserver
order by n.nspname, c.relname
