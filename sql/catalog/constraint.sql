-- purpose: constraints of tables, foreign tables and domains, but for `not null` of columns and constraint triggers
-- catalog: pg_constraint
select
  k.oid,
  0 as part_number,
  coalesce(n.nspname, dn.nspname)::text as schema,
  coalesce(c.relname, d.typname)::text as name,
  k.conname::text as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object(
    'what', case k.contype
      when 'p' then 'primary' when 'u' then 'unique' when 'x' then 'exclusion' when 'c' then 'check'
      when 'f' then 'foreign' when 'n' then 'not-null'
    end,
    -- Storage parameters stand in the definition of an exclusion constraint only.
    'definition', replace(pg_get_constraintdef(k.oid), case when k.contype = 'x' then coalesce((
      select ' WITH (' || string_agg(
        quote_ident(split_part(option, '=', 1)) || '=' || case
          when quote_ident(substr(option, strpos(option, '=') + 1)) = substr(option, strpos(option, '=') + 1)
            then substr(option, strpos(option, '=') + 1)
          else quote_literal(substr(option, strpos(option, '=') + 1))
        end,
        ', ' order by number
      ) || ')'
      from unnest(x.reloptions) with ordinality as o (option, number)
    ), '') else '' end, ''),
    'columns', array(
      select (select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = key)
      from unnest(k.conkey) as key
      -- Whole rows have no column of their own.
      where key <> 0
    ),
    'validated', k.convalidated,
    'deferrable', k.condeferrable,
    'deferred', k.condeferred,
    {% if version >= 18 %}
    'notEnforced', not k.conenforced,
    {% endif %}
    'local', k.conislocal,
    'ofParent', case when k.conparentid <> 0 then (
      select json_build_array(pn.nspname, p.relname, pk.conname)
      from pg_constraint pk
      join pg_class p on p.oid = pk.conrelid
      join pg_namespace pn on pn.oid = p.relnamespace
      where pk.oid = k.conparentid
    ) end,
    'references', case when k.contype = 'f' then array[rn.nspname, r.relname] end,
    'options', case when k.contype in ('p', 'u', 'x') and x.reloptions is not null then (
      select json_agg(json_build_array(split_part(option, '=', 1), substr(option, strpos(option, '=') + 1)) order by number)
      from unnest(x.reloptions) with ordinality as o (option, number)
    ) else '[]' end,
    'tablespace', case when k.contype in ('p', 'u', 'x') and x.reltablespace <> 0 then (
      select t.spcname from pg_tablespace t where t.oid = x.reltablespace
    ) end,
    'statistics', case when k.contype = 'x' then coalesce((
      select json_object_agg(a.attnum, a.attstattarget)
      from pg_attribute a
      where a.attrelid = k.conindid and a.attnum > 0 and a.attstattarget >= 0
    ), '{}') else '{}' end,
    'indexComment', case when k.contype in ('p', 'u', 'x') then obj_description(k.conindid, 'pg_class') end,
    'ofDomain', k.contypid <> 0
  )::text as object
from pg_constraint k
left join pg_class c on c.oid = k.conrelid
left join pg_namespace n on n.oid = c.relnamespace
left join pg_type d on d.oid = k.contypid
left join pg_namespace dn on dn.oid = d.typnamespace
left join pg_class x on x.oid = k.conindid
left join pg_class r on r.oid = k.confrelid
left join pg_namespace rn on rn.oid = r.relnamespace
where k.contype in ('p', 'u', 'x', 'c', 'f', 'n')
  and not (k.contype = 'n' and k.conrelid <> 0)
  -- A foreign key that refers to a partitioned table has another for each partition, which is no more than a part of it.
  and (
    k.conparentid = 0
    or not exists (select from pg_constraint pk where pk.oid = k.conparentid and pk.conrelid = k.conrelid)
  )
  and coalesce(n.nspname, dn.nspname) not in ('pg_catalog', 'information_schema')
order by 3, 4, 5
