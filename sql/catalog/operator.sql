-- purpose: operators; one without a function is only a shell that another one refers to, and comes with that one
-- catalog: pg_operator
select
  o.oid,
  0 as part_number,
  n.nspname::text as schema,
  o.oprname::text as name,
  format(
    '%s, %s', case when o.oprleft = 0 then 'none' else format_type(o.oprleft, null) end, format_type(o.oprright, null)
  ) as part,
  pg_get_userbyid(o.oprowner)::text as owner,
  null::text[] as acl,
  json_build_object(
    'left', case when o.oprleft <> 0 then format_type(o.oprleft, null) end,
    'right', format_type(o.oprright, null),
    'function', o.oprcode::regproc::text,
    'commutator', (
      select json_build_object('schema', cn.nspname, 'name', c.oprname, 'shell', c.oprcode = 0)
      from pg_operator c
      join pg_namespace cn on cn.oid = c.oprnamespace
      where c.oid = o.oprcom
    ),
    'negator', (
      select json_build_object('schema', cn.nspname, 'name', c.oprname, 'shell', c.oprcode = 0)
      from pg_operator c
      join pg_namespace cn on cn.oid = c.oprnamespace
      where c.oid = o.oprnegate
    ),
    'restrict', case when o.oprrest <> 0 then o.oprrest::regproc::text end,
    'join', case when o.oprjoin <> 0 then o.oprjoin::regproc::text end,
    'hashes', o.oprcanhash,
    'merges', o.oprcanmerge
  )::text as object
from pg_operator o
join pg_namespace n on n.oid = o.oprnamespace
where o.oprcode <> 0 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, o.oprname, 5
