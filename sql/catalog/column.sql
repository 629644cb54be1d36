-- purpose: columns of tables, foreign tables, views and composite types
-- catalog: pg_class
select
  c.oid,
  a.attnum::int as part_number,
  n.nspname::text as schema,
  c.relname::text as name,
  a.attname::text as part,
  pg_get_userbyid(c.relowner)::text as owner,
  a.attacl::text[] as acl,
  json_strip_nulls(json_build_object(
    'position', row_number() over (partition by c.oid order by a.attnum),
    'dataType', format_type(a.atttypid, a.atttypmod),
    'collation', case when a.attcollation <> t.typcollation then (
      select format('%I.%I', cn.nspname, co.collname)
      from pg_collation co
      join pg_namespace cn on cn.oid = co.collnamespace
      where co.oid = a.attcollation
    ) end,
    {% if version >= 18 %}
    'notNull', (
      select json_build_object(
        'name', case when k.conname <> c.relname || '_' || a.attname || '_not_null' then k.conname end,
        'noInherit', k.connoinherit,
        'notValid', not k.convalidated,
        'inherited', not k.conislocal,
        'comment', obj_description(k.oid, 'pg_constraint')
      )
      from pg_constraint k
      where a.attnotnull and k.conrelid = c.oid and k.contype = 'n' and k.conkey = array[a.attnum]
    ),
    {% else %}
    'notNull', case when a.attnotnull then json_build_object('inherited', false) end,
    {% endif %}
    'identity', case when a.attidentity <> '' then (
      select json_build_object(
        'always', a.attidentity = 'a',
        'sequence', json_build_array(sn.nspname, sc.relname),
        'options', json_build_object(
          'dataType', format_type(s.seqtypid, null),
          'start', s.seqstart,
          'increment', s.seqincrement,
          'min', s.seqmin,
          'max', s.seqmax,
          'cache', s.seqcache,
          'cycle', s.seqcycle,
          'unlogged', sc.relpersistence = 'u'
        )
      )
      from pg_depend d
      join pg_sequence s on s.seqrelid = d.objid
      join pg_class sc on sc.oid = s.seqrelid
      join pg_namespace sn on sn.oid = sc.relnamespace
      where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
        and d.refobjid = c.oid and d.refobjsubid = a.attnum and d.deptype = 'i'
    ) end,
    'generated', case when a.attgenerated <> '' then (
      select json_build_object('expression', pg_get_expr(g.adbin, g.adrelid), 'stored', a.attgenerated = 's')
      from pg_attrdef g
      where g.adrelid = c.oid and g.adnum = a.attnum
    ) end,
    'storage', case when a.attstorage <> t.typstorage and c.relkind not in ('v', 'c') then
      case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' when 'x' then 'EXTENDED' end
    end,
    'typeStorage', case when a.attstorage <> t.typstorage and c.relkind not in ('v', 'c') then
      case t.typstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' when 'x' then 'EXTENDED' end
    end,
    'compression', case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
    'statistics', nullif(a.attstattarget, -1),
    'options', case when a.attoptions is not null then (
      select json_agg(json_build_array(split_part(option, '=', 1), substr(option, strpos(option, '=') + 1)) order by number)
      from unnest(a.attoptions) with ordinality as o (option, number)
    ) end,
    'foreignOptions', case when a.attfdwoptions is not null then (
      select json_agg(json_build_array(o.option_name, o.option_value) order by o.option_name)
      from pg_options_to_table(a.attfdwoptions) as o
    ) end,
    'inherited', not a.attislocal
  ))::text as object
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
where a.attnum > 0 and not a.attisdropped
  and c.relkind in ('r', 'p', 'f', 'v', 'm', 'c')
  and c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
order by c.oid, a.attnum
