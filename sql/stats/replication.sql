-- purpose: who reads the server's changes: physical replicas, and the logical slots of this database
-- params: none
-- since: 14
with here as (
  select case
    when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_receive_lsn()
    else pg_catalog.pg_current_wal_lsn()
  end as lsn
)
select
  'replica' as kind,
  coalesce(nullif(r.application_name, ''), r.client_addr::text, r.pid::text) as name,
  coalesce(r.sync_state, '') as state,
  pg_catalog.pg_wal_lsn_diff(here.lsn, r.replay_lsn)::float8 as bytes,
  extract(epoch from r.replay_lag)::float8 as seconds
from pg_catalog.pg_stat_replication as r
cross join here
where not exists (
  select from pg_catalog.pg_replication_slots as s where s.active_pid = r.pid and s.slot_type = 'logical'
)
union all
select
  'slot',
  s.slot_name::text,
  case when s.active then 'active' else 'inactive' end,
  pg_catalog.pg_wal_lsn_diff(here.lsn, s.confirmed_flush_lsn)::float8,
  null::float8
from pg_catalog.pg_replication_slots as s
cross join here
where s.slot_type = 'logical'
  and s.database = pg_catalog.current_database()
order by 1, 2;
