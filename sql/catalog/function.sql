-- purpose: functions, window functions too, but for those that stand inside a type, such as a range's
-- catalog: pg_proc
select
  p.oid,
  0 as part_number,
  n.nspname::text as schema,
  p.proname::text as name,
  oidvectortypes(p.proargtypes) as part,
  pg_get_userbyid(p.proowner)::text as owner,
  p.proacl::text[] as acl,
  json_strip_nulls(json_build_object(
    'arguments', (
      select json_agg(json_build_object(
        'mode', case a.mode
          when 'o' then 'out' when 'b' then 'inout' when 'v' then 'variadic' when 't' then 'table' else 'in'
        end,
        'name', a.name,
        'dataType', format_type(a.type, null),
        'default', case when p.pronargdefaults > 0 then pg_get_function_arg_default(p.oid, a.number::int) end
      ) order by a.number)
      from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes, p.proargnames)
        with ordinality as a (type, mode, name, number)
    ),
    'returns', pg_get_function_result(p.oid),
    'language', l.lanname,
    'window', p.prokind = 'w',
    'volatility', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
    'leakproof', p.proleakproof,
    'strict', p.proisstrict,
    'securityDefiner', p.prosecdef,
    'parallel', case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
    'cost', case when p.procost <> case when l.lanname in ('internal', 'c') then 1 else 100 end then p.procost::text end,
    'rows', case when p.proretset and p.prorows <> 1000 then p.prorows::text end,
    'support', case when p.prosupport <> 0 then p.prosupport::text end,
    'settings', (
      select json_agg(json_build_array(split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1)) order by number)
      from unnest(p.proconfig) with ordinality as s (setting, number)
    ),
    'transforms', (
      select json_agg(format_type(type, null) order by number)
      from unnest(p.protrftypes) with ordinality as t (type, number)
    ),
    'body', case
      when p.prosqlbody is not null then json_build_object('sql', pg_get_function_sqlbody(p.oid))
      when p.probin is not null then json_build_object('library', json_build_array(p.probin, p.prosrc))
      else json_build_object('source', p.prosrc)
    end
  ))::text as object
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
where p.prokind in ('f', 'w')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_depend d
    where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.objsubid = 0 and d.deptype = 'i'
  )
order by n.nspname, p.proname, part
