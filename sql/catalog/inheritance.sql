-- purpose: what tables inherit from, and what they are partitions of
-- catalog: pg_inherits
select
  c.oid,
  i.inhseqno as part_number,
  n.nspname::text as schema,
  c.relname::text as name,
  format('%I.%I', pn.nspname, p.relname) as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object(
    'parent', json_build_array(pn.nspname, p.relname),
    'position', row_number() over (partition by c.oid order by i.inhseqno),
    'bound', case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end
  )::text as object
from pg_inherits i
join pg_class c on c.oid = i.inhrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_class p on p.oid = i.inhparent
join pg_namespace pn on pn.oid = p.relnamespace
where c.relkind in ('r', 'p', 'f')
  and c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema')
  and not i.inhdetachpending
order by n.nspname, c.relname, i.inhseqno
