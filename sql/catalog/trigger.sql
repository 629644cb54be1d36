-- purpose: triggers of tables, foreign tables and views, those that came with a partitioned table's too
-- catalog: pg_trigger
select
  t.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.relname::text as name,
  t.tgname::text as part,
  null::text as owner,
  null::text[] as acl,
  json_strip_nulls(json_build_object(
    'definition', pg_get_triggerdef(t.oid),
    'forEachRow', t.tgtype & 1 = 1,
    'constraint', t.tgconstraint <> 0,
    'enabled', case t.tgenabled
      when 'O' then 'origin' when 'R' then 'replica' when 'A' then 'always' when 'D' then 'disabled'
    end,
    'ofParent', (
      select json_build_array(parent_schema.nspname, parent_table.relname, parent.tgname)
      from pg_trigger parent
      join pg_class parent_table on parent_table.oid = parent.tgrelid
      join pg_namespace parent_schema on parent_schema.oid = parent_table.relnamespace
      where parent.oid = t.tgparentid
    )
  ))::text as object
from pg_trigger t
join pg_class c on c.oid = t.tgrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_constraint k on k.oid = t.tgconstraint
{% if version >= 15 %}
where not t.tgisinternal
{% else %}
-- Until 14, what came with a partitioned table's trigger is marked as internal.
where (not t.tgisinternal or t.tgparentid <> 0)
{% endif %}
  -- Those of foreign keys and deferrable keys belong to them.
  and (t.tgconstraint = 0 or k.contype = 't')
  and c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema')
order by n.nspname, c.relname, t.tgname
