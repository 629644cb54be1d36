-- purpose: subscriptions of this database, with what is secret in their connection strings left out on the server
-- catalog: pg_subscription
-- note: only superusers may read subconninfo, and whoever names it in a query may not run that
with connection as (
  select s.oid, {% if reads_connections %}s.subconninfo{% else %}null::text{% endif %} as text
  from pg_subscription s
  where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())
),
redacted as (
  select
    c.oid,
    c.text,
    case
      when c.text ~ '^postgres(ql)?://' then regexp_replace(regexp_replace(regexp_replace(
        regexp_replace(c.text, '^(postgres(?:ql)?://[^/?@:]*):[^/?]*@', '\1@'),
        -- The name of a parameter may be written in codes.
        '([?&])[\w%]*(?:pass|secret|key|token|%)[\w%]*=[^&]*', '\1', 'g'
      ), '([?&])&+', '\1', 'g'), '[?&]+$', '')
      when regexp_replace(c.text, '\w+\s*=\s*(''([^''\\]|\\.)*''|[^\s'']([^\s\\]|\\.)*)', '', 'g') ~ '^\s*$' then btrim(regexp_replace(
        c.text, '\m\w*(?:pass|secret|key|token)\w*\s*=\s*(''([^''\\]|\\.)*''|[^\s'']([^\s\\]|\\.)*)\s*', '', 'g'
      ))
    end as shown
  from connection c
)
select
  s.oid,
  0 as part_number,
  '' as schema,
  s.subname::text as name,
  '' as part,
  pg_get_userbyid(s.subowner)::text as owner,
  null::text[] as acl,
  json_build_object(
    'connection', r.shown,
    'redacted', r.text is null or r.text is distinct from r.shown,
    'publications', s.subpublications,
    'slot', s.subslotname,
    'options', coalesce((
      select json_agg(json_build_array(o.name, o.value))
      from (values
        ('binary', s.subbinary::text, 'false'),
        {% if version >= 16 %}
        ('streaming', case s.substream when 't' then 'on' when 'p' then 'parallel' else 'off' end, {% if version >= 18 %}'parallel'{% else %}'off'{% endif %}),
        ('password_required', s.subpasswordrequired::text, 'true'),
        ('run_as_owner', s.subrunasowner::text, 'false'),
        ('origin', s.suborigin, 'any'),
        {% else %}
        ('streaming', case when s.substream then 'on' else 'off' end, 'off'),
        {% endif %}
        {% if version >= 15 %}
        ('two_phase', (s.subtwophasestate <> 'd')::text, 'false'),
        ('disable_on_error', s.subdisableonerr::text, 'false'),
        {% endif %}
        {% if version >= 17 %}
        ('failover', s.subfailover::text, 'false'),
        {% endif %}
        ('synchronous_commit', s.subsynccommit, 'off')
      ) as o (name, value, preset)
      where o.value <> o.preset
    ), '[]')
  )::text as object
from pg_subscription s
left join redacted r on r.oid = s.oid
where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())
order by s.subname
