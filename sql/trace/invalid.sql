-- purpose: the invalid indexes of tables
-- params: $1 oid[] the tables
-- since: 14
select i.indexrelid as oid, pg_catalog.format('%I.%I', n.nspname, c.relname) as name
from pg_catalog.pg_index as i
join pg_catalog.pg_class as c on c.oid = i.indexrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where i.indrelid = any ($1)
  and not i.indisvalid
order by 2;
