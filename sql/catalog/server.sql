-- purpose: foreign servers; the values of secret options are not read
-- catalog: pg_foreign_server
select
  s.oid,
  0 as part_number,
  '' as schema,
  s.srvname::text as name,
  '' as part,
  pg_get_userbyid(s.srvowner)::text as owner,
  s.srvacl::text[] as acl,
  json_build_object(
    'wrapper', w.fdwname,
    'type', s.srvtype,
    'version', s.srvversion,
    'options', coalesce(o.plain, '[]'),
    'secrets', coalesce(o.secrets, '[]')
  )::text as object
from pg_foreign_server s
join pg_foreign_data_wrapper w on w.oid = s.srvfdw
cross join lateral (
  select
    json_agg(json_build_array(o.option_name, o.option_value) order by o.option_name) filter (where not secret) as plain,
    json_agg(o.option_name order by o.option_name) filter (where secret) as secrets
  from pg_options_to_table(s.srvoptions) as o
  cross join lateral (select {{ secret }}) as s (secret)
) as o
order by s.srvname
