-- purpose: text search templates
-- catalog: pg_ts_template
select
  t.oid,
  0 as part_number,
  n.nspname::text as schema,
  t.tmplname::text as name,
  '' as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object(
    'init', case when t.tmplinit <> 0 then t.tmplinit::regproc::text end,
    'lexize', t.tmpllexize::regproc::text
  )::text as object
from pg_ts_template t
join pg_namespace n on n.oid = t.tmplnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, t.tmplname
