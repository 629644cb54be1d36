-- purpose: sequences, those of identity columns too
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
    'options', json_build_object(
      'dataType', format_type(s.seqtypid, null),
      'start', s.seqstart,
      'increment', s.seqincrement,
      'min', s.seqmin,
      'max', s.seqmax,
      'cache', s.seqcache,
      'cycle', s.seqcycle,
      'unlogged', c.relpersistence = 'u'
    ),
    'ownedBy', (
      select json_build_array(tn.nspname, t.relname, a.attname)
      from pg_depend d
      join pg_class t on t.oid = d.refobjid
      join pg_namespace tn on tn.oid = t.relnamespace
      join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0
        and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    ),
    'ofIdentity', exists (
      select from pg_depend d
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0
        and d.refclassid = 'pg_class'::regclass and d.deptype = 'i'
    )
  )::text as object
from pg_sequence s
join pg_class c on c.oid = s.seqrelid
join pg_namespace n on n.oid = c.relnamespace
where c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema')
order by n.nspname, c.relname
