-- Everything that a schema has, a line each, ordered, without numbers that differ from run to run.
with own (oid) as (
  -- `public`, and what was made after the platform's schemas.
  select oid from pg_namespace
  where nspname = 'public' or nspname !~ '^pg_' and oid > (select oid from pg_namespace where nspname = 'examples_begin')
),
of_extensions (objid) as (select objid from pg_depend where deptype = 'e'),
lines (line) as (
  select format('schema %s owner %s acl %s', nspname, nspowner::regrole, nspacl) from pg_namespace
  where oid in (select oid from own)
  union all
  select format('%s %s owner %s acl %s persistence %s rls %s/%s options %s identity %s am %s space %s bound %s key %s of %s',
    c.relkind, c.oid::regclass, c.relowner::regrole, c.relacl, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
    c.reloptions, c.relreplident, c.relam, c.reltablespace, pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef(c.oid),
    (select string_agg(inhparent::regclass::text, ',' order by inhseqno) from pg_inherits where inhrelid = c.oid))
  from pg_class c where relnamespace in (select oid from own) and relkind <> 't'
  union all
  select format('column %s.%s type %s not null %s default %s identity %s generated %s collation %s storage %s acl %s',
    a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
    a.attidentity, a.attgenerated, a.attcollation::regcollation, a.attstorage, a.attacl)
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relnamespace in (select oid from own) and c.relkind not in ('t', 'i', 'I') and a.attnum > 0 and not a.attisdropped
  union all
  select format('constraint %s on %s %s: %s valid %s', conname, conrelid::regclass, contypid::regtype,
    pg_get_constraintdef(oid), convalidated)
  from pg_constraint where connamespace in (select oid from own)
  union all
  select format('index %s valid %s clustered %s identity %s', pg_get_indexdef(indexrelid), indisvalid, indisclustered,
    indisreplident)
  from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace in (select oid from own)
  union all
  select format('sequence %s %s %s %s %s %s %s owned by %s', s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart,
    s.seqincrement, s.seqmin, s.seqmax, s.seqcycle,
    (select refobjid::regclass || '.' || refobjsubid from pg_depend
     where objid = s.seqrelid and classid = 'pg_class'::regclass and deptype in ('a', 'i') limit 1))
  from pg_sequence s
  union all
  select format('function %s owner %s acl %s: %s', p.oid::regprocedure, p.proowner::regrole, p.proacl,
    case when prokind in ('f', 'p') then pg_get_functiondef(p.oid)
      else (select format('%s %s %s', aggtransfn, aggtranstype::regtype, agginitval) from pg_aggregate where aggfnoid = p.oid) end)
  from pg_proc p where pronamespace in (select oid from own) and oid not in (select objid from of_extensions)
  union all
  select format('view %s: %s', oid::regclass, pg_get_viewdef(oid)) from pg_class
  where relkind in ('v', 'm') and relnamespace in (select oid from own)
  union all
  select format('policy %s on %s.%s %s %s to %s using %s check %s', policyname, schemaname, tablename, permissive, cmd, roles,
    qual, with_check)
  from pg_policies
  union all
  select format('trigger %s enabled %s', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
  union all
  select format('rule %s enabled %s', pg_get_ruledef(oid), ev_enabled) from pg_rewrite
  where oid >= 16384 and rulename <> '_RETURN'
  union all
  select format('type %s %s owner %s acl %s base %s not null %s default %s labels %s', typname, typtype, typowner::regrole, typacl,
    format_type(typbasetype, typtypmod), typnotnull, typdefault,
    (select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = t.oid))
  from pg_type t where typnamespace in (select oid from own) and oid not in (select objid from of_extensions)
  union all
  select format('extension %s in %s', extname, extnamespace::regnamespace) from pg_extension
  union all
  select format('role %s %s', rolname, array[rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls])
  from pg_roles where rolname !~ '^t_\d+_\d+_role$'
  union all
  select format('publication %s tables %s all %s', pubname,
    (select string_agg(prrelid::regclass::text, ',' order by prrelid::regclass::text) from pg_publication_rel where prpubid = p.oid),
    puballtables)
  from pg_publication p
  union all
  select format('default acl %s in %s for %s: %s', defaclobjtype, defaclnamespace::regnamespace, defaclrole::regrole, defaclacl)
  from pg_default_acl
  union all
  select 'setting ' || setconfig::text from pg_db_role_setting
  where setdatabase = (select oid from pg_database where datname = current_database())
  union all
  select format('comment on %s: %s', pg_describe_object(classoid, objoid, objsubid), description) from pg_description
  where objoid >= 16384
  union all
  select pg_describe_object(class::regclass, id, 0) from (
    select 'pg_cast', oid from pg_cast union all
    select 'pg_operator', oid from pg_operator union all
    select 'pg_opclass', oid from pg_opclass union all
    select 'pg_collation', oid from pg_collation union all
    select 'pg_conversion', oid from pg_conversion union all
    select 'pg_ts_config', oid from pg_ts_config union all
    select 'pg_ts_dict', oid from pg_ts_dict union all
    select 'pg_language', oid from pg_language union all
    select 'pg_am', oid from pg_am union all
    select 'pg_foreign_data_wrapper', oid from pg_foreign_data_wrapper union all
    select 'pg_foreign_server', oid from pg_foreign_server union all
    select 'pg_user_mapping', umid from pg_user_mappings union all
    select 'pg_event_trigger', oid from pg_event_trigger union all
    select 'pg_statistic_ext', oid from pg_statistic_ext union all
    select 'pg_transform', oid from pg_transform
  ) as other (class, id) where id >= 16384 and id not in (select objid from of_extensions)
)
select line from lines order by line collate "C";
