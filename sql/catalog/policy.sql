-- purpose: policies of row-level security
-- catalog: pg_policy
select
  p.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.relname::text as name,
  p.polname::text as part,
  null::text as owner,
  null::text[] as acl,
  json_build_object(
    'command', case p.polcmd
      when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all'
    end,
    'permissive', p.polpermissive,
    'roles', coalesce((
      select json_agg(pg_get_userbyid(role) order by pg_get_userbyid(role))
      from unnest(p.polroles) as role
      where role <> 0
    ), '[]'),
    'using', pg_get_expr(p.polqual, p.polrelid),
    'check', pg_get_expr(p.polwithcheck, p.polrelid)
  )::text as object
from pg_policy p
join pg_class c on c.oid = p.polrelid
join pg_namespace n on n.oid = c.relnamespace
order by n.nspname, c.relname, p.polname
