-- purpose: the sessions that hold locks on the relations that a statement could not lock in time, a sentence each
-- params: $1 text[] names as written in the statement
-- since: 14
select format(
  'process %s (%s as `%s`, %s) holds %s on `%s` since %s s: %s',
  session.pid,
  coalesce(nullif(session.application_name, ''), 'an unnamed application'),
  coalesce(session.usename, 'an unknown role'),
  coalesce(session.state, 'unknown'),
  held.mode,
  held.relation::regclass,
  coalesce(extract(epoch from clock_timestamp() - session.xact_start)::bigint, 0),
  left(regexp_replace(session.query, '\s+', ' ', 'g'), 80)
) as blocker
from pg_catalog.pg_locks as held
join pg_catalog.pg_stat_activity as session on session.pid = held.pid
where held.locktype = 'relation'
  and held.granted
  and held.pid <> pg_catalog.pg_backend_pid()
  and held.relation in (select to_regclass(name) from unnest($1) as name)
order by session.xact_start
limit 5;
