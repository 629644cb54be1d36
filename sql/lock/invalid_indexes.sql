-- purpose: invalid indexes that a failed concurrent build left: the one of a name, or the copies that REINDEX makes
-- params: $1 text name as written in the statement
-- since: 14
select built.indexrelid::regclass::text as name
from pg_catalog.pg_index as built
join pg_catalog.pg_class as index on index.oid = built.indexrelid
left join pg_catalog.pg_stat_progress_create_index as running on running.index_relid = built.indexrelid
where not built.indisvalid
  and running.pid is null
  and (index.relname = (pg_catalog.parse_ident(coalesce(nullif($1, ''), 'x')))[array_upper(
      pg_catalog.parse_ident(coalesce(nullif($1, ''), 'x')), 1)]
    or index.relname ~ '_cc(new|old)[0-9]*$')
order by name;
