-- purpose: for how long, in seconds, rows can have been counted: since the database was made, or since the server forgot all counts
-- params: none
-- since: 14
-- The modification of a file that is written once tells when the database was made; not everybody may look.
select extract(epoch from pg_catalog.clock_timestamp() - greatest(
  f.modification, pg_catalog.pg_stat_get_bgwriter_stat_reset_time()
))::float8 as seconds
from pg_catalog.pg_database as d
cross join lateral pg_catalog.pg_stat_file('base/' || d.oid || '/PG_VERSION', true) as f
where d.datname = pg_catalog.current_database()
  and f.modification is not null;
