-- purpose: procedures
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
    'language', l.lanname,
    'securityDefiner', p.prosecdef,
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
where p.prokind = 'p'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, p.proname, part
