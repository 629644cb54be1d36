-- purpose: event triggers
-- catalog: pg_event_trigger
select
  t.oid,
  0 as part_number,
  '' as schema,
  t.evtname::text as name,
  '' as part,
  pg_get_userbyid(t.evtowner)::text as owner,
  null::text[] as acl,
  json_build_object(
    'event', t.evtevent,
    'tags', coalesce(to_json(t.evttags), '[]'),
    'function', t.evtfoid::regproc::text,
    'enabled', case t.evtenabled
      when 'O' then 'origin' when 'R' then 'replica' when 'A' then 'always' when 'D' then 'disabled'
    end
  )::text as object
from pg_event_trigger t
order by t.evtname
