-- purpose: which sessions hold locks on the relations that a statement could not lock in time
-- params: $1 text[] qualified names as written in the statement
-- since: 14
select
  session.pid,
  session.usename::text as role,
  coalesce(nullif(session.application_name, ''), 'an unnamed application') as application,
  held.mode,
  held.relation::regclass::text as relation,
  session.state,
  extract(epoch from clock_timestamp() - session.xact_start)::bigint as seconds,
  left(regexp_replace(session.query, '\s+', ' ', 'g'), 80) as query
from pg_catalog.pg_locks as held
join pg_catalog.pg_stat_activity as session on session.pid = held.pid
where held.locktype = 'relation'
  and held.granted
  and held.pid <> pg_catalog.pg_backend_pid()
  and held.relation in (select to_regclass(name) from unnest($1::text[]) as name)
order by session.xact_start
limit 5;
