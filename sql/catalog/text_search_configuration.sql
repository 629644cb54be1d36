-- purpose: text search configurations with the dictionaries of each type of token
-- catalog: pg_ts_config
select
  c.oid,
  0 as part_number,
  n.nspname::text as schema,
  c.cfgname::text as name,
  '' as part,
  pg_get_userbyid(c.cfgowner)::text as owner,
  null::text[] as acl,
  json_build_object(
    'parser', format('%I.%I', pn.nspname, p.prsname),
    'mappings', coalesce((
      select json_object_agg(token.alias, token.dictionaries)
      from (
        select t.alias, json_agg(format('%I.%I', dn.nspname, d.dictname) order by m.mapseqno) as dictionaries
        from pg_ts_config_map m
        join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype
        join pg_ts_dict d on d.oid = m.mapdict
        join pg_namespace dn on dn.oid = d.dictnamespace
        where m.mapcfg = c.oid
        group by t.alias
      ) as token
    ), '{}')
  )::text as object
from pg_ts_config c
join pg_namespace n on n.oid = c.cfgnamespace
join pg_ts_parser p on p.oid = c.cfgparser
join pg_namespace pn on pn.oid = p.prsnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.cfgname
