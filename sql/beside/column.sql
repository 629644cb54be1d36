-- purpose: what hangs on a column: what another one in its place has to get, and what keeps it from being dropped
-- params: $1 text the table as SQL has it, $2 text the column
-- since: 14
with t as (
  select c.*, n.nspname
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where c.oid = pg_catalog.to_regclass($1)
),
a as (
  select a.*, pg_catalog.format('%I.%I', t.nspname, t.relname) as on_table, t.nspname, t.relname, t.relowner
  from t
  join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attname = $2 and not a.attisdropped and a.attnum > 0
),
dep as (
  select d.*
  from a
  join pg_catalog.pg_depend as d
    on d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum
),
i as (
  select i.*, c.relname, c.reltablespace, pg_catalog.pg_get_indexdef(c.oid) as definition
  from a
  join pg_catalog.pg_index as i on i.indrelid = a.attrelid
  join pg_catalog.pg_class as c on c.oid = i.indexrelid
  where
    a.attnum = any (i.indkey::int2[])
    or exists (
      select from dep where dep.classid = 'pg_catalog.pg_class'::regclass and dep.objid = i.indexrelid
    )
),
-- The constraints of the table that have the column, and the foreign keys of any table that refer to it.
k as (
  select
    k.*,
    -- An included column is the index's only.
    k.conrelid = a.attrelid
    and (a.attnum = any (k.conkey) or k.contype in ('p', 'u', 'x') and k.conindid in (select indexrelid from i)) as is_own
  from a
  join pg_catalog.pg_constraint as k
    on k.conrelid = a.attrelid and (a.attnum = any (k.conkey) or k.conindid in (select indexrelid from i))
    or k.contype = 'f' and k.confrelid = a.attrelid and (a.attnum = any (k.confkey) or k.conindid in (select indexrelid from i))
),
s as (
  select d.objid, d.deptype, c.relname, n.nspname, c.relacl, c.relowner
  from dep as d
  join pg_catalog.pg_class as c on c.oid = d.objid and c.relkind = 'S'
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where d.classid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i')
),
found as (
  select 'version' as what, '' as name, pg_catalog.current_setting('server_version_num') as text, '' as more
  union all
  select 'column', a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), ''
  from a
  union all
  select 'other column', o.attname::text, '', ''
  from a
  join pg_catalog.pg_attribute as o on o.attrelid = a.attrelid and o.attnum > 0 and not o.attisdropped
  union all
  select 'taken', c.relname::text, '', ''
  from t
  join pg_catalog.pg_class as c on c.relnamespace = t.relnamespace
  where c.relname like '%new%'
  union all
  select 'taken', k.conname::text, '', ''
  from t
  join pg_catalog.pg_constraint as k on k.conrelid = t.oid
  union all
  select 'taken', p.proname::text, '', ''
  from t
  join pg_catalog.pg_proc as p on p.pronamespace = t.relnamespace
  where p.proname like '%new%'
  union all
  select 'key', o.attname::text, '', ''
  from t
  join pg_catalog.pg_index as p on p.indrelid = t.oid and p.indisprimary
  join pg_catalog.pg_attribute as o on o.attrelid = t.oid and o.attnum = p.indkey[0]
  union all
  select 'trigger', g.tgname::text, '', case when g.tgtype::int & 3 = 3 then 'before' else '' end
  from t
  join pg_catalog.pg_trigger as g on g.tgrelid = t.oid and not g.tgisinternal
  union all
  select 'not null', coalesce((
    select n.conname::text
    from pg_catalog.pg_constraint as n
    where n.conrelid = a.attrelid and n.contype = 'n' and a.attnum = any (n.conkey)
  ), ''), '', ''
  from a
  where a.attnotnull
  union all
  select 'default', '', pg_catalog.pg_get_expr(d.adbin, d.adrelid), ''
  from a
  join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attgenerated = ''
  union all
  select 'serial', pg_catalog.format('%I.%I', s.nspname, s.relname), '', ''
  from s
  where s.deptype = 'a'
  union all
  select
    'identity', s.relname::text, case a.attidentity when 'a' then 'always' else 'by default' end,
    pg_catalog.concat(
      pg_catalog.format(' start with %s increment by %s', q.seqstart, q.seqincrement),
      -- The ends of the old type give way to those of the new one.
      case when q.seqmin not in (1, -32768, -2147483648, -9223372036854775808) then ' minvalue ' || q.seqmin end,
      case when q.seqmax not in (-1, 32767, 2147483647, 9223372036854775807) then ' maxvalue ' || q.seqmax end,
      ' cache ' || q.seqcache,
      case when q.seqcycle then ' cycle' end
    )
  from a
  cross join s
  join pg_catalog.pg_sequence as q on q.seqrelid = s.objid
  where a.attidentity <> '' and s.deptype = 'i'
  union all
  select 'index', i.relname::text, i.definition, coalesce(k.conname::text, '')
  from i
  left join k on k.is_own and k.contype in ('p', 'u') and k.conindid = i.indexrelid
  union all
  select
    'key constraint', k.conname::text, case k.contype when 'p' then 'primary key' else 'unique' end,
    case when k.condeferred then ' deferrable initially deferred' when k.condeferrable then ' deferrable' else '' end
  from k
  where k.is_own and k.contype in ('p', 'u')
  union all
  select 'constraint', k.conname::text, pg_catalog.pg_get_constraintdef(k.oid), ''
  from k
  where k.is_own and k.conparentid = 0 and (k.contype = 'c' or k.contype = 'f' and not (k.confrelid = k.conrelid and k.oid in (
    select x.oid from k as x where x.confrelid = x.conrelid and (select a.attnum from a) = any (x.confkey)
  )))
  union all
  select 'inbound', k.conname::text, pg_catalog.pg_get_constraintdef(k.oid), pg_catalog.format('%I.%I', n.nspname, c.relname)
  from k
  join pg_catalog.pg_class as c on c.oid = k.conrelid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where
    k.contype = 'f' and k.conparentid = 0 and (not k.is_own or k.confrelid = k.conrelid and (select a.attnum from a) = any (k.confkey))
),
-- What is said of the column and its parts, as statements.
last as (
  select 1 as rank, '' as name, pg_catalog.format('comment on column %s.%I is %L;', a.on_table, a.attname, d.description) as text
  from a
  join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid = a.attrelid and d.objsubid = a.attnum
  union all
  select 2, '', pg_catalog.format('alter table %s alter column %I set statistics %s;', a.on_table, a.attname, a.attstattarget)
  from a
  where a.attstattarget >= 0
  union all
  select
    3, '', pg_catalog.format(
      'alter table %s alter column %I set (%s);', a.on_table, a.attname, pg_catalog.array_to_string(a.attoptions, ', ')
    )
  from a
  where a.attoptions is not null
  union all
  select
    4, '', pg_catalog.format(
      'grant %s (%I) on %s to %s%s;',
      pg_catalog.lower(acl.privilege_type), a.attname, a.on_table,
      case when acl.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(acl.grantee)) end,
      case when acl.is_grantable then ' with grant option' end
    )
  from a
  cross join lateral pg_catalog.aclexplode(a.attacl) as acl
  union all
  select 5, k.conname::text, pg_catalog.format('comment on constraint %I on %I.%I is %L;', k.conname, n.nspname, c.relname, d.description)
  from k
  join pg_catalog.pg_class as c on c.oid = k.conrelid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_description as d on d.classoid = 'pg_catalog.pg_constraint'::regclass and d.objoid = k.oid
  union all
  select 6, i.relname::text, pg_catalog.format('comment on index %I.%I is %L;', a.nspname, i.relname, d.description)
  from a
  cross join i
  join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid = i.indexrelid and d.objsubid = 0
  union all
  select 7, i.relname::text, pg_catalog.format('alter table %s cluster on %I;', a.on_table, i.relname)
  from a
  cross join i
  where i.indisclustered
  union all
  select 8, i.relname::text, pg_catalog.format('alter table %s replica identity using index %I;', a.on_table, i.relname)
  from a
  cross join i
  where i.indisreplident
  union all
  select 9, '', pg_catalog.pg_get_statisticsobjdef(e.oid) || ';'
  from a
  join pg_catalog.pg_statistic_ext as e on e.stxrelid = a.attrelid
  where exists (
    select from dep where dep.classid = 'pg_catalog.pg_statistic_ext'::regclass and dep.objid = e.oid
  )
  union all
  select 10, '', pg_catalog.format('comment on sequence %I.%I is %L;', s.nspname, s.relname, d.description)
  from s
  join pg_catalog.pg_description as d
    on d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid = s.objid and d.objsubid = 0
  where s.deptype = 'i'
  union all
  select
    11, '', pg_catalog.format(
      'grant %s on sequence %I.%I to %s%s;', pg_catalog.lower(acl.privilege_type), s.nspname, s.relname,
      case when acl.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(acl.grantee)) end,
      case when acl.is_grantable then ' with grant option' end
    )
  from s
  cross join lateral pg_catalog.aclexplode(s.relacl) as acl
  where s.deptype = 'i' and acl.grantee <> s.relowner
),
blocker (text) as (
  select
    case
      when t.relkind = 'p' then 'its table is partitioned: an index of it cannot be built concurrently'
      when t.relispartition then 'its table is a partition, and has the columns of the whole'
      when t.reloftype <> 0 then 'its table has the columns of a type'
      when t.relkind <> 'r' then 'it is no column of a table'
      else 'its table inherits, or is inherited from'
    end
  from t
  where
    t.relkind <> 'r' or t.relispartition or t.reloftype <> 0
    or exists (select from pg_catalog.pg_inherits as h where t.oid in (h.inhrelid, h.inhparent))
  union all
  select 'it is a generated column' from a where a.attgenerated <> ''
  union all
  select 'it has a security label'
  from a
  where exists (
    select from pg_catalog.pg_seclabel as l
    where l.classoid = 'pg_catalog.pg_class'::regclass and l.objoid = a.attrelid and l.objsubid = a.attnum
  )
  union all
  select pg_catalog.format('the index `%s` is invalid', i.relname) from i where not i.indisvalid
  union all
  select pg_catalog.format('the index `%s` is in a tablespace of its own', i.relname) from i where i.reltablespace <> 0
  union all
  select pg_catalog.format('the index `%s` has statistics targets of its own', i.relname)
  from i
  where exists (select from pg_catalog.pg_attribute as o where o.attrelid = i.indexrelid and o.attstattarget >= 0)
  union all
  select pg_catalog.format('the exclusion constraint `%s` cannot be built concurrently', k.conname) from k where k.contype = 'x'
  union all
  select pg_catalog.format('the constraint `%s` is about periods', k.conname)
  from k
  where pg_catalog.pg_get_constraintdef(k.oid) ~ 'WITHOUT OVERLAPS|PERIOD "?[[:alpha:]_]'
  union all
  select pg_catalog.format('the partitioned table %s refers to it', k.conrelid::regclass)
  from k
  join pg_catalog.pg_class as c on c.oid = k.conrelid
  where not k.is_own and (c.relkind = 'p' or c.relispartition)
  union all
  select distinct
    case
      when d.classid = 'pg_catalog.pg_rewrite'::regclass then (
        select pg_catalog.format(
          '%s %s uses it',
          case c.relkind when 'm' then 'the materialized view' when 'v' then 'the view' else 'a rule of' end, c.oid::regclass
        )
        from pg_catalog.pg_rewrite as r
        join pg_catalog.pg_class as c on c.oid = r.ev_class
        where r.oid = d.objid
      )
      when d.classid = 'pg_catalog.pg_attrdef'::regclass then (
        select pg_catalog.format('the generated column `%s` is computed of it', o.attname)
        from pg_catalog.pg_attrdef as f
        join pg_catalog.pg_attribute as o on o.attrelid = f.adrelid and o.attnum = f.adnum
        where f.oid = d.objid
      )
      else pg_catalog.format('the %s needs it', pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid))
    end
  from a
  join pg_catalog.pg_depend as d
    on
      d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum
      or d.refclassid = 'pg_catalog.pg_constraint'::regclass and d.refobjid in (select k.oid from k where k.is_own)
      or d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid in (select i.indexrelid from i)
  where
    not (d.classid = 'pg_catalog.pg_attrdef'::regclass and d.objid in (
      select f.oid from pg_catalog.pg_attrdef as f where f.adrelid = a.attrelid and f.adnum = a.attnum
    ))
    and not (d.classid = 'pg_catalog.pg_constraint'::regclass and d.objid in (select k.oid from k))
    and not (d.classid = 'pg_catalog.pg_class'::regclass and d.objid in (select i.indexrelid from i))
    and not (d.classid = 'pg_catalog.pg_class'::regclass and d.objid in (select s.objid from s))
    and d.classid <> 'pg_catalog.pg_statistic_ext'::regclass
    -- Of a foreign key's own triggers.
    and not (d.classid = 'pg_catalog.pg_trigger'::regclass and exists (
      select from pg_catalog.pg_trigger as g where g.oid = d.objid and g.tgisinternal
    ))
)
select what, name, text, more from found
union all
select 'blocker', '', text, '' from blocker
union all
(select 'last', name, text, '' from last order by rank, text)
