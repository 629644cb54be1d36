-- purpose: what the statistics say of tables, each with all its partitions: rows, indexes, activity, publications
-- params: $1 text[] names as SQL has them
-- since: 14
with recursive wanted as (
  select distinct pg_catalog.to_regclass(w.name)::oid as root
  from unnest($1::text[]) as w (name)
),
tree as (
  select w.root, w.root as oid
  from wanted as w
  where w.root is not null
  union
  select t.root, i.inhrelid
  from tree as t
  join pg_catalog.pg_inherits as i on i.inhparent = t.oid
  join pg_catalog.pg_class as c on c.oid = i.inhrelid and c.relispartition
),
-- No function that takes a lock is called: nobody is to wait for a plan, and a plan for nobody.
leaf as (
  select
    t.root,
    c.oid,
    c.relispartition and t.oid <> t.root as is_partition,
    case when c.reltuples >= 0 then c.reltuples end as rows,
    (select count(*) from pg_catalog.pg_index as i where i.indrelid = c.oid) as indexes,
    pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
      + pg_catalog.pg_stat_get_tuples_deleted(c.oid) as writes,
    pg_catalog.pg_stat_get_numscans(c.oid) + coalesce((
      select sum(pg_catalog.pg_stat_get_numscans(i.indexrelid)) from pg_catalog.pg_index as i where i.indrelid = c.oid
    ), 0) as reads
  from tree as t
  join pg_catalog.pg_class as c on c.oid = t.oid
  where c.relkind in ('r', 'm')
),
-- The view expands every publication, which is done once.
published as materialized (
  select p.pubname::text as publication, c.oid
  from pg_catalog.pg_publication_tables as p
  join pg_catalog.pg_namespace as s on s.nspname = p.schemaname
  join pg_catalog.pg_class as c on c.relnamespace = s.oid and c.relname = p.tablename
  where c.oid in (select t.oid from tree as t)
)
select
  root.oid,
  pg_catalog.format('%I.%I', n.nspname, root.relname) as name,
  array(select t.oid from tree as t where t.root = root.oid) as tree,
  (select sum(l.rows) from leaf as l where l.root = root.oid)::float8 as rows,
  coalesce((select sum(l.indexes) from leaf as l where l.root = root.oid), 0)::int8 as indexes,
  (select count(*) from leaf as l where l.root = root.oid and l.is_partition) as partitions,
  (select sum(l.writes) from leaf as l where l.root = root.oid)::float8 as writes,
  (select sum(l.reads) from leaf as l where l.root = root.oid)::float8 as reads,
  array(
    select distinct p.publication
    from published as p
    join tree as t on t.oid = p.oid
    where t.root = root.oid
    order by 1
  ) as publications
from wanted as w
join pg_catalog.pg_class as root on root.oid = w.root
join pg_catalog.pg_namespace as n on n.oid = root.relnamespace
where root.relkind in ('r', 'p', 'm')
order by 2;
