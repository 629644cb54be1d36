-- purpose: who holds dbctl's advisory lock
-- params: $1 bigint key
-- since: 14
select
  holder.pid,
  coalesce(session.usename, 'an unknown role')::text as role,
  coalesce(nullif(session.application_name, ''), 'an unnamed application') as application,
  coalesce(host(session.client_addr), 'a local socket') as client,
  extract(epoch from clock_timestamp() - session.backend_start)::bigint as seconds
from pg_catalog.pg_locks as holder
left join pg_catalog.pg_stat_activity as session on session.pid = holder.pid
where holder.locktype = 'advisory'
  and holder.granted
  and holder.objsubid = 1
  and holder.database = (select oid from pg_catalog.pg_database where datname = current_database())
  and (holder.classid::bigint << 32) | holder.objid::bigint = $1
limit 1;
