-- purpose: operator classes with the members that belong to them
-- catalog: pg_opclass
select
  c.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.opcname::text as name,
  a.amname::text as part,
  pg_get_userbyid(c.opcowner)::text as owner,
  null::text[] as acl,
  json_build_object(
    'family', json_build_array(fn.nspname, f.opfname),
    'default', c.opcdefault,
    'dataType', format_type(c.opcintype, null),
    'storage', case when c.opckeytype <> 0 then format_type(c.opckeytype, null) end,
    'operators', coalesce((
      select json_agg(json_build_object(
        'number', o.amopstrategy,
        'left', format_type(o.amoplefttype, null),
        'right', format_type(o.amoprighttype, null),
        'operator', o.amopopr::regoperator::text,
        'orderBy', (
          select format('%I.%I', sn.nspname, s.opfname)
          from pg_opfamily s
          join pg_namespace sn on sn.oid = s.opfnamespace
          where s.oid = o.amopsortfamily
        )
      ) order by o.amopstrategy, format_type(o.amoplefttype, null), format_type(o.amoprighttype, null))
      from pg_depend d
      join pg_amop o on o.oid = d.objid
      where d.classid = 'pg_amop'::regclass and d.refclassid = 'pg_opclass'::regclass and d.refobjid = c.oid
    ), '[]'),
    'functions', coalesce((
      select json_agg(json_build_object(
        'number', p.amprocnum,
        'left', format_type(p.amproclefttype, null),
        'right', format_type(p.amprocrighttype, null),
        'function', p.amproc::regprocedure::text
      ) order by p.amprocnum, format_type(p.amproclefttype, null), format_type(p.amprocrighttype, null))
      from pg_depend d
      join pg_amproc p on p.oid = d.objid
      where d.classid = 'pg_amproc'::regclass and d.refclassid = 'pg_opclass'::regclass and d.refobjid = c.oid
    ), '[]')
  )::text as object
from pg_opclass c
join pg_namespace n on n.oid = c.opcnamespace
join pg_am a on a.oid = c.opcmethod
join pg_opfamily f on f.oid = c.opcfamily
join pg_namespace fn on fn.oid = f.opfnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.opcname, a.amname
