-- purpose: base types and shells; the shell of a type that needs its own functions has the number 1
-- catalog: pg_type
-- note: only who has made a shell can make the type of it, so that the type is what is given away
select
  t.oid,
  s.number as part_number,
  n.nspname::text as schema,
  t.typname::text as name,
  case when s.number = 1 then 'shell' else '' end as part,
  case when s.number = 0 then pg_get_userbyid(t.typowner)::text end as owner,
  case when s.number = 0 then t.typacl::text[] end as acl,
  case when t.typtype = 'b' then json_build_object(
    'shell', s.number = 1,
    'input', t.typinput::text,
    'output', t.typoutput::text,
    'receive', case when t.typreceive <> 0 then t.typreceive::text end,
    'send', case when t.typsend <> 0 then t.typsend::text end,
    'typmodIn', case when t.typmodin <> 0 then t.typmodin::text end,
    'typmodOut', case when t.typmodout <> 0 then t.typmodout::text end,
    'analyze', case when t.typanalyze <> 0 then t.typanalyze::text end,
    'subscript', case when t.typsubscript <> 0 then t.typsubscript::text end,
    'length', t.typlen,
    'byValue', t.typbyval,
    'alignment', case t.typalign when 'c' then 'char' when 's' then 'int2' when 'i' then 'int4' when 'd' then 'double' end,
    'storage', case t.typstorage
      when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' when 'm' then 'main'
    end,
    'category', t.typcategory::text,
    'preferred', t.typispreferred,
    'default', t.typdefault,
    'element', case when t.typelem <> 0 then format_type(t.typelem, null) end,
    'delimiter', t.typdelim::text,
    'collatable', t.typcollation <> 0
  ) else json_build_object('shell', true) end::text as object
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_range r on r.rngtypid = t.oid
cross join (values (0), (1)) as s (number)
where case s.number
    when 0 then t.typtype = 'b' or t.typtype = 'p'
    else t.typtype = 'b' or t.typtype = 'r' and r.rngcanonical <> 0
  end
  and (t.typtype <> 'p' or not t.typisdefined)
  and not exists (select from pg_type e where e.typarray = t.oid)
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
order by n.nspname, t.typname, s.number
