-- purpose: indexes, but for those of constraints
-- catalog: pg_class
select
  x.oid,
  0 as part_number,
  n.nspname::text as schema,
  x.relname::text as name,
  '' as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object(
    'table', c.relname,
    'unique', i.indisunique,
    -- From `USING` on, without what stands apart at the end.
    'definition', substr(
      left(d.definition, length(d.definition) - length(d.options || d.predicate)),
      length(d.beginning) + 1
    ),
    'predicate', substr(nullif(d.predicate, ''), length(' WHERE ') + 1),
    'options', case when x.reloptions is null then '[]' else (
      select json_agg(json_build_array(split_part(option, '=', 1), substr(option, strpos(option, '=') + 1)) order by number)
      from unnest(x.reloptions) with ordinality as o (option, number)
    ) end,
    'tablespace', case when x.reltablespace <> 0 then (
      select t.spcname from pg_tablespace t where t.oid = x.reltablespace
    ) end,
    -- Only expressions can have a target.
    'statistics', case when i.indexprs is null then '{}' else coalesce((
      select json_object_agg(a.attnum, a.attstattarget)
      from pg_attribute a
      where a.attrelid = x.oid and a.attnum > 0 and a.attstattarget >= 0
    ), '{}') end,
    'partitioned', x.relkind = 'I',
    'partitionOf', case when x.relispartition then (
      select json_build_array(pn.nspname, p.relname)
      from pg_inherits h
      join pg_class p on p.oid = h.inhparent
      join pg_namespace pn on pn.oid = p.relnamespace
      where h.inhrelid = x.oid
    ) end,
    -- That of a partitioned table is valid as soon as all its parts are attached.
    'invalid', not i.indisvalid and x.relkind <> 'I'
  )::text as object
from pg_index i
join pg_class x on x.oid = i.indexrelid
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = x.relnamespace
cross join lateral (
  select
    pg_get_indexdef(x.oid) as definition,
    format(
      'CREATE %sINDEX %I ON %s%I.%I ',
      case when i.indisunique then 'UNIQUE ' else '' end,
      x.relname,
      case when x.relkind = 'I' then 'ONLY ' else '' end,
      n.nspname,
      c.relname
    ) as beginning,
    case when x.reloptions is null then '' else (
      select ' WITH (' || string_agg(
        quote_ident(split_part(option, '=', 1)) || '=' || case
          when quote_ident(substr(option, strpos(option, '=') + 1)) = substr(option, strpos(option, '=') + 1)
            then substr(option, strpos(option, '=') + 1)
          else quote_literal(substr(option, strpos(option, '=') + 1))
        end,
        ', ' order by number
      ) || ')'
      from unnest(x.reloptions) with ordinality as o (option, number)
    ) end as options,
    coalesce(' WHERE ' || pg_get_expr(i.indpred, i.indrelid), '') as predicate
  offset 0
) as d
where c.relkind in ('r', 'p', 'm')
  and c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  and not exists (
    select from pg_constraint k
    where k.conrelid = i.indrelid and k.conindid = x.oid and k.contype in ('p', 'u', 'x')
  )
order by n.nspname, x.relname
