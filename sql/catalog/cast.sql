-- purpose: casts
-- catalog: pg_cast
select
  c.oid,
  0 as part_number,
  '' as schema,
  format_type(c.castsource, null) as name,
  format_type(c.casttarget, null) as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object(
    'function', case when c.castmethod = 'f' then c.castfunc::regprocedure::text end,
    'inout', c.castmethod = 'i',
    'context', case c.castcontext when 'e' then 'explicit' when 'a' then 'assignment' when 'i' then 'implicit' end
  )::text as object
from pg_cast c
where c.oid >= 16384
  -- A range type brings its own to its multirange type.
  and not exists (select from pg_range r where r.rngtypid = c.castsource and r.rngmultitypid = c.casttarget)
order by 4, 5
