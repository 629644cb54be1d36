-- purpose: aggregate functions
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
    'arguments', pg_get_function_arguments(p.oid),
    'returns', pg_get_function_result(p.oid),
    'hypothetical', a.aggkind = 'h',
    'state', json_build_object(
      'transition', a.aggtransfn::text,
      'dataType', format_type(a.aggtranstype, null),
      'space', a.aggtransspace,
      'last', case when a.aggfinalfn <> 0 then a.aggfinalfn::text end,
      'lastExtra', a.aggfinalextra,
      'lastModify', case when a.aggfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end::"char" then
        case a.aggfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end
      end,
      'initial', a.agginitval
    ),
    'moving', case when a.aggmtransfn <> 0 then json_build_object(
      'transition', a.aggmtransfn::text,
      'inverse', case when a.aggminvtransfn <> 0 then a.aggminvtransfn::text end,
      'dataType', format_type(a.aggmtranstype, null),
      'space', a.aggmtransspace,
      'last', case when a.aggmfinalfn <> 0 then a.aggmfinalfn::text end,
      'lastExtra', a.aggmfinalextra,
      'lastModify', case when a.aggmfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end::"char" then
        case a.aggmfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end
      end,
      'initial', a.aggminitval
    ) end,
    'combine', case when a.aggcombinefn <> 0 then a.aggcombinefn::text end,
    'serialize', case when a.aggserialfn <> 0 then a.aggserialfn::text end,
    'deserialize', case when a.aggdeserialfn <> 0 then a.aggdeserialfn::text end,
    'sortOperator', case when a.aggsortop <> 0 then (
      select format('operator(%I.%s)', operator_schema.nspname, o.oprname)
      from pg_operator o
      join pg_namespace operator_schema on operator_schema.oid = o.oprnamespace
      where o.oid = a.aggsortop
    ) end,
    'parallel', case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end
  ))::text as object
from pg_proc p
join pg_aggregate a on a.aggfnoid = p.oid
join pg_namespace n on n.oid = p.pronamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, p.proname, part
