-- purpose: operator families with the members that belong to no class
-- catalog: pg_opfamily
select
  f.oid,
  0 as part_number,
  n.nspname::text as schema,
  f.opfname::text as name,
  a.amname::text as part,
  pg_get_userbyid(f.opfowner)::text as owner,
  null::text[] as acl,
  json_build_object(
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
      where d.classid = 'pg_amop'::regclass and d.refclassid = 'pg_opfamily'::regclass
        and d.refobjid = f.oid and o.amopfamily = f.oid
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
      where d.classid = 'pg_amproc'::regclass and d.refclassid = 'pg_opfamily'::regclass
        and d.refobjid = f.oid and p.amprocfamily = f.oid
    ), '[]')
  )::text as object
from pg_opfamily f
join pg_namespace n on n.oid = f.opfnamespace
join pg_am a on a.oid = f.opfmethod
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, f.opfname, a.amname
