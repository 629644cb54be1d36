-- purpose: the relations that sessions may use, each with its storage, the table of an index and the top of its partitions
-- params: $1 boolean whether scans that are counted already are added
-- since: 14
select
  c.oid,
  pg_catalog.format('%I.%I', n.nspname, c.relname) as name,
  c.relkind::text as kind,
  c.relfilenode as storage,
  coalesce(i.indrelid, 0::oid) as indexed,
  case when c.relispartition then coalesce(pg_catalog.pg_partition_root(c.oid)::oid, 0::oid) else 0::oid end as root,
  c.relnatts as columns,
  pg_catalog.pg_stat_get_xact_numscans(c.oid)
    + case when $1 then pg_catalog.pg_stat_get_numscans(c.oid) else 0 end as scans,
  pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid)
    + case when $1 then pg_catalog.pg_stat_get_tuples_inserted(c.oid) else 0 end as inserted,
  pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
    + case when $1 then pg_catalog.pg_stat_get_tuples_updated(c.oid) else 0 end as updated,
  pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
    + case when $1 then pg_catalog.pg_stat_get_tuples_deleted(c.oid) else 0 end as deleted
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_index as i on i.indexrelid = c.oid
where c.relkind in ('r', 'p', 'm', 'v', 'f', 'i', 'I', 'S')
  and n.nspname not in ('pg_catalog', 'information_schema', 'dbctl')
  and n.nspname !~ '^pg_(toast|temp_)';
