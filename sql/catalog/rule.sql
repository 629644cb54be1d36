-- purpose: rewrite rules, but for those that views are made of
-- catalog: pg_rewrite
-- the name that pg_get_ruledef writes is left off, as the object has it
select
  r.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.relname::text as name,
  r.rulename::text as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object(
    'definition', regexp_replace(
      substr(pg_get_ruledef(r.oid), length('CREATE RULE ' || quote_ident(r.rulename) || ' ') + 1), ';$', ''
    ),
    'enabled', case r.ev_enabled
      when 'O' then 'origin' when 'R' then 'replica' when 'A' then 'always' when 'D' then 'disabled'
    end
  )::text as object
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
join pg_namespace n on n.oid = c.relnamespace
where not (r.ev_type = '1' and c.relkind in ('v', 'm'))
  and c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
order by n.nspname, c.relname, r.rulename
