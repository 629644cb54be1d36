-- purpose: range types with their multirange types
-- catalog: pg_type
select
  t.oid,
  0 as part_number,
  n.nspname::text as schema,
  t.typname::text as name,
  '' as part,
  pg_get_userbyid(t.typowner)::text as owner,
  t.typacl::text[] as acl,
  json_build_object(
    'subtype', format_type(r.rngsubtype, null),
    'operatorClass', (
      select format('%I.%I', opn.nspname, o.opcname)
      from pg_opclass o
      join pg_namespace opn on opn.oid = o.opcnamespace
      where o.oid = r.rngsubopc and not o.opcdefault
    ),
    'collation', case when r.rngcollation <> s.typcollation then (
      select format('%I.%I', cn.nspname, co.collname)
      from pg_collation co
      join pg_namespace cn on cn.oid = co.collnamespace
      where co.oid = r.rngcollation
    ) end,
    'canonical', case when r.rngcanonical <> 0 then r.rngcanonical::text end,
    'difference', case when r.rngsubdiff <> 0 then r.rngsubdiff::text end,
    'multirange', json_build_array(mn.nspname, m.typname)
  )::text as object
from pg_type t
join pg_range r on r.rngtypid = t.oid
join pg_type s on s.oid = r.rngsubtype
join pg_type m on m.oid = r.rngmultitypid
join pg_namespace mn on mn.oid = m.typnamespace
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'r'
  and n.nspname not in ('pg_catalog', 'information_schema')
order by n.nspname, t.typname
