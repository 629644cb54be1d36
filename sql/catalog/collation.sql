-- purpose: collations; those of another encoding cannot be used here
-- catalog: pg_collation
select
  c.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.collname::text as name,
  '' as part,
  pg_get_userbyid(c.collowner)::text as owner,
  null::text[] as acl,
  json_build_object(
    'provider', case c.collprovider when 'i' then 'icu' when 'c' then 'libc' when 'b' then 'builtin' end,
    {% if version >= 17 %}
    'locale', coalesce(c.colllocale, case when c.collcollate = c.collctype then c.collcollate end),
    {% elif version >= 15 %}
    'locale', coalesce(c.colliculocale, case when c.collcollate = c.collctype then c.collcollate end),
    {% else %}
    'locale', case when c.collcollate = c.collctype then c.collcollate::text end,
    {% endif %}
    'lcCollate', case when c.collcollate <> c.collctype then c.collcollate::text end,
    'lcCtype', case when c.collcollate <> c.collctype then c.collctype::text end,
    {% if version >= 16 %}
    'rules', c.collicurules,
    {% endif %}
    'deterministic', c.collisdeterministic
  )::text as object
from pg_collation c
join pg_namespace n on n.oid = c.collnamespace
where c.collencoding in (-1, (select d.encoding from pg_database d where d.datname = current_database()))
  and c.collprovider <> 'd'
  and n.nspname not in ('pg_catalog', 'information_schema')
order by n.nspname, c.collname
