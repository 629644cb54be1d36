-- purpose: the size of tables with indexes and TOAST; none of one that another session keeps to itself
-- params: $1 oid[] the tables
-- since: 14
select
  t.oid,
  case
    when not exists (
      select
      from pg_catalog.pg_locks as l
      where l.relation = t.oid
        and l.mode = 'AccessExclusiveLock'
        and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
    ) then pg_catalog.pg_total_relation_size(t.oid)
  end as bytes
from unnest($1::oid[]) as t (oid);
