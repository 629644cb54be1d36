-- purpose: user mappings, from the view that everybody may read; the values of secret options are not read
-- catalog: pg_user_mapping
select
  m.umid as oid,
  0 as part_number,
  '' as schema,
  m.srvname::text as name,
  m.usename::text as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object('options', coalesce(o.plain, '[]'), 'secrets', coalesce(o.secrets, '[]'))::text as object
from pg_user_mappings m
cross join lateral (
  select
    json_agg(json_build_array(o.option_name, o.option_value) order by o.option_name) filter (where not secret) as plain,
    json_agg(o.option_name order by o.option_name) filter (where secret) as secrets
  from pg_options_to_table(m.umoptions) as o
  cross join lateral (select {{ secret }}) as s (secret)
) as o
where m.usename is not null
order by m.srvname, m.usename
