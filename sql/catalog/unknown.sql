-- purpose: what no kind of object stands for, or is not read, in words
select distinct text
from (
  select format('setting `%s` of the database', split_part(setting, '=', 1))
    || case when s.setrole <> 0 then format(' for role `%s`', pg_get_userbyid(s.setrole)) else '' end as text
  from pg_db_role_setting s
  join pg_database d on d.oid = s.setdatabase
  cross join unnest(s.setconfig) as setting
  where d.datname = current_database()
    -- A hosted platform's own.
    and not (s.setrole = 0 and setting = 'search_path="$user", public, extensions')

  union all
  select 'privileges on the database'
  from pg_database d
  where d.datname = current_database() and d.datacl is not null

  union all
  select 'comment on the database'
  from pg_shdescription s
  join pg_database d on d.oid = s.objoid and s.classoid = 'pg_database'::regclass
  -- Of shadows and platforms dbctl writes there what they have.
  where d.datname = current_database() and s.description not like 'dbctl%'
    and s.description <> 'default administrative connection database'

  union all
  select 'security label on the database'
  from pg_shseclabel s
  join pg_database d on d.oid = s.objoid and s.classoid = 'pg_database'::regclass
  where d.datname = current_database()

  {% if version >= 15 %}
  union all
  select format('privileges on parameter `%s`', p.parname)
  from pg_parameter_acl p
  {% endif %}

  union all
  select 'large objects'
  where exists (select from pg_largeobject_metadata)

  union all
  -- What a superuser has granted or revoked on PostgreSQL's own objects, and on those that an extension has brought; and
  -- on a table's system columns, such as `ctid`.
  select format('privileges on %s', pg_describe_object(acl.class, acl.oid, acl.part))
  from (
    select 'pg_class'::regclass as class, c.oid, 0 as part, c.relacl as acl
    from pg_class c
    -- What `initdb` grants there stands nowhere.
    where c.relkind <> 't' and c.relnamespace <> 'information_schema'::regnamespace
    union all
    select 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl from pg_attribute a where a.attacl is not null
    union all
    select 'pg_proc'::regclass, p.oid, 0, p.proacl from pg_proc p
    union all
    select 'pg_type'::regclass, t.oid, 0, t.typacl from pg_type t
  ) as acl
  left join pg_init_privs i on i.classoid = acl.class and i.objoid = acl.oid and i.objsubid = acl.part
  where acl.acl is not null
    and (
      acl.oid < 16384
      or acl.part < 0
      or exists (
        select from pg_depend d
        where d.classid = acl.class and d.objid = acl.oid and d.deptype = 'e'
      )
    )
    and (
      i.initprivs is null
      or not (acl.acl @> i.initprivs and i.initprivs @> acl.acl)
    )

  union all
  select format('%s, which is not in a schema of its own', pg_describe_object(o.class, o.oid, 0))
  from (
    select 'pg_class'::regclass as class, c.oid, c.relnamespace as schema
    from pg_class c
    where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    union all
    select 'pg_proc'::regclass, p.oid, p.pronamespace from pg_proc p
    union all
    select 'pg_operator'::regclass, p.oid, p.oprnamespace from pg_operator p
  ) as o
  where o.oid >= 16384
    and o.schema in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    and not exists (
      select from pg_depend d
      where d.classid = o.class and d.objid = o.oid and d.deptype in ('e', 'i')
    )

  union all
  select pg_describe_object(d.classid, d.objid, 0)
  from pg_depend d
  where d.classid in ('pg_amop'::regclass, 'pg_amproc'::regclass) and d.objid >= 16384
    and d.refclassid = 'pg_opfamily'::regclass and d.refobjid < 16384
    and not exists (
      select from pg_depend e
      where e.classid = d.classid and e.objid = d.objid and e.deptype in ('e', 'i')
    )
    -- A member may name a built-in family only to say how it sorts.
    and (
      exists (select from pg_amop m where m.oid = d.objid and m.amopfamily = d.refobjid)
      or exists (select from pg_amproc m where m.oid = d.objid and m.amprocfamily = d.refobjid)
    )

  union all
  select format('value of option `%s` of %s, which is a secret', o.option_name, object.what)
  from (
    select format('foreign-data wrapper `%s`', w.fdwname) as what, w.fdwoptions as options
    from pg_foreign_data_wrapper w
    union all
    select format('server `%s`', s.srvname), s.srvoptions
    from pg_foreign_server s
    union all
    select format('user mapping for `%s` on server `%s`', m.usename, m.srvname), m.umoptions
    from pg_user_mappings m
  ) as object
  cross join lateral pg_options_to_table(object.options) as o
  where {{ secret }}

  union all
  select format('options of the user mapping for `%s` on server `%s`, which only its server''s owner may read', m.usename, m.srvname)
  from pg_user_mappings m
  join pg_foreign_server s on s.oid = m.srvid
  where m.umoptions is null
    and not pg_has_role(s.srvowner, 'usage')
    and m.usename <> current_user
) as unknown
order by text
