-- purpose: for each system catalog, the query that gives its rows in words that two databases of one schema share
-- params: none; the columns and what they refer to are those that the server itself names
with
-- Columns that follow from how a schema came about, from what its tables hold, from the server, or from another column.
left_out (catalog, col) as (
  values
    ('pg_attribute', 'attcacheoff'), ('pg_attribute', 'atthasmissing'), ('pg_attribute', 'attndims'),
    ('pg_class', 'relallfrozen'), ('pg_class', 'relallvisible'), ('pg_class', 'relhasindex'),
    ('pg_class', 'relhasrules'), ('pg_class', 'relhassubclass'), ('pg_class', 'relhastriggers'),
    ('pg_class', 'relispopulated'), ('pg_class', 'relnatts'), ('pg_class', 'relpages'),
    ('pg_class', 'reltoastrelid'), ('pg_class', 'reltuples'),
    ('pg_collation', 'collversion'), ('pg_extension', 'extcondition'), ('pg_extension', 'extconfig'),
    ('pg_extension', 'extrelocatable'), ('pg_extension', 'extversion'),
    ('pg_index', 'indcheckxmin'), ('pg_inherits', 'inhseqno'), ('pg_rewrite', 'ev_qual')
),
catalogs as (
  select c.oid, c.relname::text as name
  from pg_class c
  where c.relnamespace = 'pg_catalog'::regnamespace
    and c.relkind = 'r'
    and not c.relisshared
    -- What tables hold, what an extension came with, and what is kept of roles elsewhere.
    and c.relname not in (
      'pg_depend', 'pg_description', 'pg_init_privs', 'pg_largeobject', 'pg_largeobject_metadata', 'pg_seclabel',
      'pg_statistic', 'pg_statistic_ext_data', 'pg_subscription_rel'
    )
),
refers as (
  select f.fktable as catalog, f.fkcols as cols, f.pktable::text as target, f.is_array
  from pg_get_catalog_foreign_keys() f
  union
  -- What older servers do not say of themselves.
  select v.catalog, v.cols, 'pg_attribute', true
  from (
    select 'pg_constraint'::regclass, '{conrelid,confdelsetcols}'::text[]
    union all
    select 'pg_publication_rel'::regclass, '{prrelid,prattrs}'
  ) as v (catalog, cols)
),
cols as (
  select
    k.oid as catalog,
    k.name as catalog_name,
    a.attname::text as name,
    a.attnum,
    a.atttypid::regtype::text as type,
    r.target,
    coalesce(r.is_array, false) as is_array,
    p.cols[1] as relation,
    case k.name when 'pg_class' then 'c.oid' when 'pg_index' then 'c.indrelid' else 'c.' || relation.name end as of
  from catalogs k
  join pg_attribute a on a.attrelid = k.oid and a.attnum > 0 and not a.attisdropped
  left join refers r on r.catalog = k.oid and r.cols = array[a.attname::text]
  left join refers p on p.catalog = k.oid and cardinality(p.cols) = 2 and p.cols[2] = a.attname::text
  left join lateral (
    select f.cols[1] as name
    from refers f
    where f.catalog = k.oid and cardinality(f.cols) = 1 and f.target = 'pg_class' and f.cols[1] ~ 'relid$'
    order by f.cols[1] ~ '^conf' limit 1
  ) as relation on true
  where has_column_privilege(k.oid, a.attnum, 'select')
    and not exists (select from left_out l where l.catalog = k.name and l.col = a.attname)
    and a.attname <> 'oid'
    and a.atttypid not in ('xid'::regtype, 'anyarray'::regtype, 'pg_lsn'::regtype)
    -- A number of a file, or of something that the server does not name.
    and (a.atttypid <> 'oid'::regtype or r.target is not null)
),
-- How a number is written by what it is the number of.
words (target, expr) as (
  values
    ('pg_authid', $$case %1$s when 0 then 'public' else pg_get_userbyid(%1$s)::text end$$),
    ('pg_class', '%s::regclass::text'),
    ('pg_collation', '%s::regcollation::text'),
    ('pg_namespace', '%s::regnamespace::text'),
    ('pg_operator', '%s::regoperator::text'),
    ('pg_proc', '%s::oid::regprocedure::text'),
    ('pg_ts_config', '%s::regconfig::text'),
    ('pg_ts_dict', '%s::regdictionary::text'),
    ('pg_type', '%s::regtype::text'),
    ('pg_am', '(select amname::text from pg_am where oid = %s)'),
    ('pg_language', '(select lanname::text from pg_language where oid = %s)'),
    ('pg_trigger', $$(select regexp_replace(tgname, '_\d+$', '') from pg_trigger where oid = %s)$$)
),
-- The words for each column.
written as (
  select
    c.*,
    case
      when c.catalog_name = 'pg_attribute' and c.name = 'attnum' then
        'case when r.relkind in (''r'', ''p'', ''f'', ''c'') then (select count(*) from pg_attribute b '
        || 'where b.attrelid = c.attrelid and b.attnum > 0 and b.attnum <= c.attnum and not b.attisdropped)::text end'
      when c.name = 'enumsortorder' then
        '(select count(*) from pg_enum b where b.enumtypid = c.enumtypid and b.enumsortorder <= c.enumsortorder)::text'
      when c.name = 'tgname' then $$case when c.tgisinternal then regexp_replace(c.tgname, '_\d+$', '') else c.tgname::text end$$
      when c.name = 'tgqual' then 'case when c.tgqual is not null then pg_get_triggerdef(c.oid) end'
      -- Of a key it says whether the partition or its index was there first.
      when c.name = 'connoinherit' then 'case when c.contype in (''c'', ''n'') then c.connoinherit::text end'
      -- A foreign key may stand on either of two keys that are alike.
      when c.name = 'conindid' then 'case when c.contype <> ''f'' then c.conindid::regclass::text end'
      when c.name = 'tgconstrindid' then 'case when not c.tgisinternal then c.tgconstrindid::regclass::text end'
      when c.name = 'ev_action' then 'pg_get_ruledef(c.oid)'
      when c.name = 'prosqlbody' then 'pg_get_function_sqlbody(c.oid)'
      when c.relation is not null then format(
        '(select string_agg(coalesce(a.attname::text, u.n::text), '','' order by %s) '
        || 'from unnest(%s) with ordinality as u (n, place) '
        || 'left join pg_attribute a on a.attrelid = c.%I and a.attnum = u.n)',
        -- Where the order means nothing it is that of the columns' numbers.
        case when c.catalog_name in ('pg_publication_rel', 'pg_statistic_ext') then 'a.attname' else 'u.place' end,
        case when c.is_array or c.type ~ 'vector|\[\]' then format('c.%I::int2[]', c.name) else format('array[c.%I]', c.name) end,
        c.relation
      )
      when c.target is not null and (c.is_array or c.type ~ 'vector|\[\]') then format(
        '(select string_agg(%s, '','' order by %s) from unnest(c.%I::oid[]) with ordinality as u (n, place))',
        format(word.expr, 'u.n'),
        case when c.target = 'pg_authid' then '1' else 'u.place' end,
        c.name
      )
      when c.target is not null then format(word.expr, format('c.%I', c.name))
      when c.type = 'pg_node_tree' then format('pg_get_expr(c.%I, %s)', c.name, coalesce(c.of, '0'))
      when c.type = 'aclitem[]' then format(
        'case when c.%1$I is not null then nullif(%2$s, %3$s) end',
        c.name,
        format(acl.expr, format('c.%I', c.name), acl.owner),
        case when acl.kind is null then 'null' else format(acl.expr, format('acldefault(%s, %s)', acl.kind, acl.owner), acl.owner) end
      )
      when c.type = 'text[]' and c.name ~ 'options$' then format(
        '(select string_agg(o.option_name || ''='' || case when %s then ''?'' else coalesce(o.option_value, '''') end, '','' '
        || 'order by o.option_name) from pg_options_to_table(c.%I) as o)',
        $secret${{ secret }}$secret$,
        c.name
      )
      when c.name in ('proconfig', 'evttags') then format('(select string_agg(x, '','' order by x) from unnest(c.%I) as x)', c.name)
      else format('c.%I::text', c.name)
    end as expr
  from cols c
  left join lateral (
    select coalesce(
      (select w.expr from words w where w.target = c.target),
      case when c.target is not null then
        '(pg_identify_object(' || quote_literal(c.target) || '::regclass, nullif(%s, 0), 0)).identity'
      end
    ) as expr
  ) as word on true
  left join lateral (
    select
      $$coalesce((select string_agg(format('%%s=%%s%%s', case e.grantee when %2$s then '@owner' when 0 then 'public'
        else pg_get_userbyid(e.grantee) end, e.privilege_type, case when e.is_grantable then '*' end), ','
        order by e.grantee = %2$s, pg_get_userbyid(e.grantee), e.privilege_type) from aclexplode(%1$s) as e), 'none')$$ as expr,
      case c.catalog_name
        when 'pg_class' then $$case c.relkind when 'S' then 's'::"char" else 'r'::"char" end$$
        when 'pg_attribute' then $$'c'::"char"$$
        when 'pg_proc' then $$'f'::"char"$$
        when 'pg_type' then $$'T'::"char"$$
        when 'pg_namespace' then $$'n'::"char"$$
        when 'pg_language' then $$'l'::"char"$$
        when 'pg_foreign_data_wrapper' then $$'F'::"char"$$
        when 'pg_foreign_server' then $$'S'::"char"$$
      end as kind,
      case c.catalog_name
        when 'pg_attribute' then 'r.relowner'
        when 'pg_default_acl' then 'c.defaclrole'
        else coalesce((
          select format('c.%I', o.name) from cols o
          where o.catalog = c.catalog and o.target = 'pg_authid' and o.name ~ 'owner$'
        ), '0::oid')
      end as owner
  ) as acl on true
),
-- The columns that tell a row from the others: those of a unique index that has no number of the row itself.
keys as (
  select k.oid as catalog, k.name, x.cols
  from catalogs k
  join lateral (
    select array_agg(a.attname::text order by u.place) as cols
    from pg_index i
    cross join unnest(i.indkey::int2[]) with ordinality as u (n, place)
    join pg_attribute a on a.attrelid = k.oid and a.attnum = u.n
    where i.indrelid = k.oid and i.indisunique
    group by i.indexrelid
    having bool_and(a.attname <> 'oid' and a.atttypid <> 'float4'::regtype)
    order by bool_or(a.atttypid = 'name'::regtype) desc, count(*), i.indexrelid
    limit 1
  ) as x on true
),
-- What a row stands in: the object of another catalog whose name and schema are its own.
inside as (
  select distinct on (c.catalog) c.catalog, c.name as col, c.target
  from cols c
  where c.target in ('pg_class', 'pg_type', 'pg_proc', 'pg_ts_config', 'pg_opfamily')
    and c.name ~ '(relid|typid|fnoid|ev_class|mapcfg|family)$'
    and c.catalog_name not in ('pg_class', 'pg_type', 'pg_opclass', 'pg_statistic_ext')
  order by c.catalog, c.name ~ '^con(f|typ)', c.attnum
),
named as (
  select
    k.oid as catalog,
    k.name,
    (select c.name from cols c where c.catalog = k.oid and c.target = 'pg_namespace' and k.name <> 'pg_extension') as schema,
    (select a.attname::text from pg_attribute a where a.attrelid = k.oid and a.atttypid = 'name'::regtype order by a.attnum limit 1) as word,
    exists (select from pg_attribute a where a.attrelid = k.oid and a.attname = 'oid') as has_oid
  from catalogs k
),
branches as (
  select
    k.oid as catalog,
    k.name,
    (select array_agg(w.name order by w.attnum) from written w where w.catalog = k.oid) as columns,
    format(
      $$select %1$L::text, %9$s, %2$s, %3$s, concat_ws('.', %4$s), array_to_string(array[%5$s], chr(31), chr(30)) from %6$I c %7$s where %8$s$$,
      k.name,
      case
        when k.name = 'pg_namespace' then 'c.nspname::text'
        when i.col is not null then $$coalesce(p.schema, '')$$ || case when k.name = 'pg_constraint' then $$ || case when p.class is null then c.connamespace::regnamespace::text else '' end$$ else '' end
        when n.schema is not null then format($$coalesce((select nspname::text from pg_namespace where oid = c.%I), '')$$, n.schema)
        else $$''$$
      end,
      case
        when k.name = 'pg_class' then 'coalesce(t.relname, c.relname)::text'
        when k.name = 'pg_namespace' then $$c.nspname::text$$
        when i.col is not null then $$coalesce(p.name, '')$$
        when n.word is not null then format('c.%I::text', n.word)
        else $$''$$
      end,
      (
        select string_agg(format('nullif(%s, ''-'')', w.expr), ', ' order by w.type = 'name', array_position(x.cols, w.name))
        from keys x join written w on w.catalog = x.catalog and w.name = any (x.cols)
        where x.catalog = k.oid
        -- The triggers of a foreign key are called by its number.
      ) || case when k.name = 'pg_trigger' then $$, case when c.tgisinternal then
        (select conname::text from pg_constraint where oid = c.tgconstraint) || '.' || c.tgfoid::regproc::text end$$ else '' end,
      (select string_agg(w.expr, ', ' order by w.attnum) from written w where w.catalog = k.oid),
      k.name,
      concat_ws(' ',
        case k.name
          when 'pg_attribute' then 'join pg_class r on r.oid = c.attrelid'
          when 'pg_class' then 'left join pg_index x on x.indexrelid = c.oid left join pg_class t on t.oid = x.indrelid'
        end,
        case
          -- The triggers of a foreign key stand on both of its tables, and are that one's which has the key.
          when k.name = 'pg_trigger' then
            $$left join pg_constraint f on f.oid = c.tgconstraint and f.contype = 'f'
              left join place p on p.class = 'pg_class'::regclass and p.oid = coalesce(f.conrelid, c.tgrelid)$$
          when i.col is not null then format('left join place p on p.class = %L::regclass and p.oid = c.%I', i.target, i.col)
        end
      ),
      concat_ws(' and ',
        case when n.has_oid then $$(c.oid >= 16384$$ || case when k.name = 'pg_namespace' then $$ or c.nspname = 'public'$$ else '' end || ')'
          || format($$ and (%L::regclass, c.oid) not in (select m.class, m.oid from members m)$$, k.name) end,
        case when i.col is not null and (not n.has_oid or k.name = 'pg_enum') then format('c.%I >= 16384', i.col) end,
        case when i.col is not null and k.name not in ('pg_trigger', 'pg_policy') then
          format('(%L::regclass, c.%I) not in (select m.class, m.oid from members m)', i.target, i.col) end,
        case k.name
          when 'pg_attribute' then $$c.attnum > 0 and not c.attisdropped and r.relkind not in ('i', 'I', 't')$$
          when 'pg_class' then $$c.relpersistence <> 't' and c.relkind <> 't'$$
          -- An array comes with its type.
          when 'pg_type' then $$not (c.typelem <> 0 and c.typinput = 'array_in'::regproc)$$
        end,
        'true'
      ),
      case
        when k.name = 'pg_trigger' then $$case when c.tgisinternal then '' else 'pg_trigger' end$$
        else quote_literal(case when k.name in ('pg_policy', 'pg_namespace') then k.name else '' end)
      end
    ) as query
  from catalogs k
  join named n on n.catalog = k.oid
  left join inside i on i.catalog = k.oid
  where exists (select from keys x where x.catalog = k.oid)
),
-- Where each object is: what its table is called, or itself.
place as (
  select string_agg(
    case
      when i.col is not null then format(
        'select %L::regclass::oid as class, c.oid, p.schema, p.name from %I c join objects p on p.class = %L::regclass and p.oid = c.%I',
        k.name, k.name, i.target, i.col
      )
      else format('select class, oid, schema, name from objects where class = %L::regclass', k.name)
    end, ' union all ' order by k.name
  ) as query
  from catalogs k
  join named n on n.catalog = k.oid and n.has_oid
  left join inside i on i.catalog = k.oid and k.name <> 'pg_enum'
  where i.col is not null or n.schema is not null and n.word is not null
),
objects as (
  select string_agg(
    format(
      'select %1$L::regclass::oid as class, c.oid, s.nspname::text as schema, %2$s::text as name '
      || 'from %1$I c join pg_namespace s on s.oid = c.%3$I %4$s where c.oid >= 16384',
      n.name,
      case when n.name = 'pg_class' then 'coalesce(t.relname, c.relname)' else format('c.%I', n.word) end,
      n.schema,
      case when n.name = 'pg_class' then 'left join pg_index x on x.indexrelid = c.oid left join pg_class t on t.oid = x.indrelid' end
    ), ' union all ' order by n.name
  ) as query
  from named n
  where n.has_oid and n.schema is not null and n.word is not null
),
-- What is said of objects of any catalog, and what each needs.
notes (name, class, oid, part, columns, words) as (
  values
    ('pg_description', 'classoid', 'objoid', 'objsubid', '{object,description}'::text[], array['c.description']),
    ('pg_seclabel', 'classoid', 'objoid', 'objsubid', '{object,provider,label}', array['c.provider', 'c.label']),
    ('pg_depend', 'classid', 'objid', 'objsubid', '{object,deptype,needs}', array['c.deptype::text', $$(
      select n.type || ' ' || regexp_replace(n.identity, '_\d+"? on ', ' on ')
      from pg_identify_object(c.refclassid, c.refobjid, c.refobjsubid) as n
    )$$])
)
select name, columns, query
from branches
-- What one may not read is not compared.
where query is not null and columns is not null
union all
select
  n.name,
  n.columns,
  format(
    $$select %1$L::text, case when c.%2$I in ('pg_namespace'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass) then c.%2$I::regclass::text else '' end,
      coalesce(p.schema, ''),
      coalesce(p.name, case when c.%2$I = 'pg_namespace'::regclass then (select nspname::text from pg_namespace where oid = c.%3$I) end, ''), i.words, array_to_string(array[i.words, %5$s], chr(31), chr(30))
      from %1$I c
      left join place p on p.class = c.%2$I and p.oid = c.%3$I
      cross join lateral (
        select o.type || ' ' || regexp_replace(o.identity, '_\d+"? on ', ' on ') as words
        from pg_identify_object(c.%2$I, c.%3$I, c.%4$I) as o
      ) as i
      where c.%3$I >= 16384 and (c.%2$I, c.%3$I) not in (select m.class, m.oid from members m) and p.schema is distinct from 'pg_toast'$$,
    n.name, n.class, n.oid, n.part, array_to_string(n.words, ', ')
    -- What else objects need follows from what they are.
  ) || case when n.name = 'pg_depend' then $$ and (c.deptype = 'x' or c.deptype = 'a' and c.classid = 'pg_class'::regclass
      and exists (select from pg_sequence s where s.seqrelid = c.objid))$$ else '' end
from notes n
union all
select
  '',
  '{}',
  $$with recursive members (class, oid) as (
    select classid, objid from pg_depend where deptype = 'e'
    union
    select d.classid, d.objid
    from members m
    join pg_depend d on d.refclassid = m.class and d.refobjid = m.oid
    where d.deptype in ('a', 'i') and d.classid not in ('pg_trigger'::regclass, 'pg_policy'::regclass)
  ), objects as materialized ($$ || objects.query || $$), place as materialized ($$ || place.query || ')'
from objects, place
order by name
