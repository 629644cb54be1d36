-- purpose: the relations that this transaction has locked, and others by their oids, as they are now
-- params: $1 oid[] relations to be looked at besides, $2 boolean whether scans that are counted already are added
-- since: 14
with held as (
  select l.relation, array_agg(l.mode) as modes
  from pg_catalog.pg_locks as l
  where l.locktype = 'relation'
    and l.granted
    and l.pid = pg_catalog.pg_backend_pid()
    and l.mode <> 'SIReadLock'
    and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
  group by l.relation
),
looked_at as (
  select coalesce(held.relation, wanted.relation) as oid, coalesce(held.modes, '{}') as modes
  from held
  full join (select distinct relation from unnest($1::oid[]) as relation) as wanted using (relation)
)
select
  r.oid,
  r.modes,
  c.oid is not null as is_there,
  case when n.oid is null then '' else pg_catalog.format('%I.%I', n.nspname, c.relname) end as name,
  coalesce(c.relkind::text, '') as kind,
  coalesce(c.relfilenode, 0::oid) as storage,
  coalesce(i.indrelid, 0::oid) as indexed,
  case when c.relispartition then coalesce(pg_catalog.pg_partition_root(c.oid)::oid, 0::oid) else 0::oid end as root,
  coalesce(i.indisvalid, true) as is_valid,
  coalesce(c.relnatts, 0::int2) as columns,
  pg_catalog.pg_stat_get_xact_numscans(r.oid)
    + case when $2 then pg_catalog.pg_stat_get_numscans(r.oid) else 0 end as scans,
  pg_catalog.pg_stat_get_xact_tuples_inserted(r.oid)
    + case when $2 then pg_catalog.pg_stat_get_tuples_inserted(r.oid) else 0 end as inserted,
  pg_catalog.pg_stat_get_xact_tuples_updated(r.oid)
    + case when $2 then pg_catalog.pg_stat_get_tuples_updated(r.oid) else 0 end as updated,
  pg_catalog.pg_stat_get_xact_tuples_deleted(r.oid)
    + case when $2 then pg_catalog.pg_stat_get_tuples_deleted(r.oid) else 0 end as deleted
from looked_at as r
left join pg_catalog.pg_class as c on c.oid = r.oid
left join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_index as i on i.indexrelid = c.oid
where c.oid is null
  or c.relkind in ('r', 'p', 'm', 'v', 'f', 'i', 'I', 'S')
  and n.nspname not in ('pg_catalog', 'information_schema', 'dbctl')
  and n.nspname !~ '^pg_(toast|temp_)';
