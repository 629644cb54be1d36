-- purpose: for how long, in seconds, the rows of this database are counted, where the server has kept that
-- params: none
-- since: 14
select extract(epoch from pg_catalog.clock_timestamp() - pg_catalog.pg_stat_get_db_stat_reset_time(d.oid))::float8 as seconds
from pg_catalog.pg_database as d
where d.datname = pg_catalog.current_database();
