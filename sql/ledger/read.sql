-- purpose: the applied migrations with the event that applied each, ordered by key; the text may have been accepted later
-- params: none
-- since: 14
select
  history.version as key,
  history.name as refinery_name,
  history.applied_on,
  history.checksum,
  applied.version,
  applied.name,
  applied.at,
  coalesce(accepted.sha256, applied.sha256) as sha256,
  applied.ms,
  applied.run_id,
  applied.id,
  case when accepted.id is null then 'applied' else 'accepted' end as kind
from dbctl.schema_history as history
left join (
  select distinct on (said.key)
    said.key, said.version, said.name, said.at, said.sha256, said.ms, said.run_id, said.id
  from dbctl.event as said
  where said.kind = 'applied' and said.direction = 'up'
  order by said.key, said.id desc
) as applied on applied.key = history.version
left join (
  select distinct on (said.key) said.key, said.sha256, said.id
  from dbctl.event as said
  where said.kind = 'accepted'
  order by said.key, said.id desc
) as accepted on accepted.key = applied.key and accepted.id > applied.id
order by history.version;
