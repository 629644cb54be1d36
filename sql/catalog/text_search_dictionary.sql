-- purpose: text search dictionaries
-- catalog: pg_ts_dict
select
  d.oid,
  0 as part_number,
  n.nspname::text as schema,
  d.dictname::text as name,
  '' as part,
  pg_get_userbyid(d.dictowner)::text as owner,
  null::text[] as acl,
  json_build_object(
    'template', format('%I.%I', tn.nspname, t.tmplname),
    'options', coalesce(d.dictinitoption, '')
  )::text as object
from pg_ts_dict d
join pg_namespace n on n.oid = d.dictnamespace
join pg_ts_template t on t.oid = d.dicttemplate
join pg_namespace tn on tn.oid = t.tmplnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, d.dictname
