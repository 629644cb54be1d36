-- purpose: tables, partitioned ones and partitions too
-- catalog: pg_class
select
  c.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.relname::text as name,
  '' as part,
  pg_get_userbyid(c.relowner)::text as owner,
  c.relacl::text[] as acl,
  json_build_object(
    'unlogged', c.relpersistence = 'u',
    'partitionKey', case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
    -- A column of the key, in an expression too, is a part of the table as no other column is.
    'keyColumns', coalesce((
      select json_agg(a.attname order by a.attnum)
      from pg_depend d
      join pg_attribute a on a.attrelid = d.objid and a.attnum = d.objsubid
      where c.relkind = 'p' and d.deptype = 'i'
        and d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid > 0
        and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid = 0
    ), '[]'),
    'ofType', case when c.reloftype <> 0 then format_type(c.reloftype, null) end,
    'accessMethod', (select a.amname from pg_am a where a.oid = c.relam and a.amname <> 'heap'),
    'tablespace', case when c.reltablespace <> 0 then (
      select t.spcname from pg_tablespace t where t.oid = c.reltablespace
    ) end,
    'options', coalesce((
      select json_agg(json_build_array(o.name, o.value) order by o.place, o.number)
      from (
        select 1 as place, number, split_part(option, '=', 1) as name, substr(option, strpos(option, '=') + 1) as value
        from unnest(c.reloptions) with ordinality as o (option, number)
        union all
        select 2, number, 'toast.' || split_part(option, '=', 1), substr(option, strpos(option, '=') + 1)
        from pg_class toast, unnest(toast.reloptions) with ordinality as o (option, number)
        where toast.oid = c.reltoastrelid
      ) as o
    ), '[]'),
    'replicaIdentity', case c.relreplident
      when 'f' then to_json('full'::text)
      when 'n' then to_json('nothing'::text)
      when 'i' then (
        select json_build_object('index', x.relname)
        from pg_index i
        join pg_class x on x.oid = i.indexrelid
        where i.indrelid = c.oid and i.indisreplident
      )
    end,
    'clusteredOn', (
      select x.relname
      from pg_index i
      join pg_class x on x.oid = i.indexrelid
      where i.indrelid = c.oid and i.indisclustered
    ),
    'rowSecurity', c.relrowsecurity,
    'forceRowSecurity', c.relforcerowsecurity
  )::text as object
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p')
  and c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
order by n.nspname, c.relname
