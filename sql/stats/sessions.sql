-- purpose: the sessions that hold locks on tables or an old snapshot of this database, the longest transaction first
-- params: $1 oid[] the tables
-- since: 14
select
  s.pid,
  coalesce(l.relation, 0::oid) as relation,
  coalesce(l.mode, '') as mode,
  coalesce(nullif(s.application_name, ''), s.backend_type, 'an unnamed application') as application,
  coalesce(s.usename::text, '') as role,
  coalesce(s.state, 'unknown') as state,
  coalesce(extract(epoch from pg_catalog.clock_timestamp() - s.xact_start), 0)::float8 as seconds
from pg_catalog.pg_stat_activity as s
left join pg_catalog.pg_locks as l
  on l.pid = s.pid
  and l.locktype = 'relation'
  and l.granted
  and l.relation = any ($1)
where s.datname = pg_catalog.current_database()
  and s.pid <> pg_catalog.pg_backend_pid()
  and (l.pid is not null or s.xact_start is not null)
order by s.xact_start nulls last, s.pid;
