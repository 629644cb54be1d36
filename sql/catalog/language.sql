-- purpose: procedural languages that PostgreSQL has not brought itself
-- catalog: pg_language
select
  l.oid,
  0 as part_number,
  '' as schema,
  l.lanname::text as name,
  '' as part,
  pg_get_userbyid(l.lanowner)::text as owner,
  l.lanacl::text[] as acl,
  json_strip_nulls(json_build_object(
    'trusted', l.lanpltrusted,
    'handler', l.lanplcallfoid::regproc::text,
    'inline', case when l.laninline <> 0 then l.laninline::regproc::text end,
    'validator', case when l.lanvalidator <> 0 then l.lanvalidator::regproc::text end
  ))::text as object
from pg_language l
where l.lanispl and l.oid >= 16384
order by l.lanname
