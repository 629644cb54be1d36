-- purpose: the strongest lock that a backend holds on each relation that the asker can see, SHARE and stronger
-- params: $1 int the backend's process id
select
  format('%I.%I', n.nspname, c.relname) as relation,
  (array_agg(l.mode order by array_position(
    array['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'], l.mode
  ) desc))[1] as mode
from pg_catalog.pg_locks l
join pg_catalog.pg_class c on c.oid = l.relation
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where l.pid = $1
  and l.locktype = 'relation'
  and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
  and l.granted
  and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  and c.relkind in ('r', 'p', 'm', 'f')
  and n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema')
group by 1
order by 1
