-- purpose: text search parsers
-- catalog: pg_ts_parser
select
  p.oid,
  0 as part_number,
  n.nspname::text as schema,
  p.prsname::text as name,
  '' as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object(
    'start', p.prsstart::regproc::text,
    'token', p.prstoken::regproc::text,
    'end', p.prsend::regproc::text,
    'headline', case when p.prsheadline <> 0 then p.prsheadline::regproc::text end,
    'lextypes', p.prslextype::regproc::text
  )::text as object
from pg_ts_parser p
join pg_namespace n on n.oid = p.prsnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, p.prsname
