-- purpose: the relation locks that another session has or waits for, and whether it waits for a lock at all
-- params: $1 int4 its process
-- since: 14
select
  coalesce(l.relation, 0::oid) as relation,
  l.mode,
  not l.granted as waits
from pg_catalog.pg_locks as l
where l.pid = $1
  and (
    not l.granted
    or l.locktype = 'relation'
    and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
  );
