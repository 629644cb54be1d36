-- purpose: foreign-data wrappers; the values of secret options are not read
-- catalog: pg_foreign_data_wrapper
select
  w.oid,
  0 as part_number,
  '' as schema,
  w.fdwname::text as name,
  '' as part,
  pg_get_userbyid(w.fdwowner)::text as owner,
  w.fdwacl::text[] as acl,
  json_build_object(
    'handler', case when w.fdwhandler <> 0 then w.fdwhandler::regproc::text end,
    'validator', case when w.fdwvalidator <> 0 then w.fdwvalidator::regproc::text end,
    'options', coalesce(o.plain, '[]'),
    'secrets', coalesce(o.secrets, '[]')
  )::text as object
from pg_foreign_data_wrapper w
cross join lateral (
  select
    json_agg(json_build_array(o.option_name, o.option_value) order by o.option_name) filter (where not secret) as plain,
    json_agg(o.option_name order by o.option_name) filter (where secret) as secrets
  from pg_options_to_table(w.fdwoptions) as o
  cross join lateral (select {{ secret }}) as s (secret)
) as o
where w.oid >= 16384
order by w.fdwname
