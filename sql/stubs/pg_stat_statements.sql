-- stub of extension pg_stat_statements: the view exists and is always empty, the reset does nothing
-- source: https://www.postgresql.org/docs/current/pgstatstatements.html

create schema if not exists extensions;

create or replace view extensions.pg_stat_statements as
  select
    0::oid as userid, 0::oid as dbid, true as toplevel, 0::bigint as queryid, ''::text as query,
    0::bigint as plans, 0::float8 as total_plan_time, 0::bigint as calls,
    0::float8 as total_exec_time, 0::float8 as min_exec_time, 0::float8 as max_exec_time,
    0::float8 as mean_exec_time, 0::float8 as stddev_exec_time, 0::bigint as rows,
    0::bigint as shared_blks_hit, 0::bigint as shared_blks_read,
    0::bigint as shared_blks_dirtied, 0::bigint as shared_blks_written
  where false;

create or replace function extensions.pg_stat_statements_reset(
  userid oid default 0, dbid oid default 0, queryid bigint default 0
) returns void language sql as '';
