-- purpose: the applied migrations with the event that explains each, ordered by key
-- params: none
-- since: 14
select
  history.version as key,
  history.name as refinery_name,
  history.applied_on,
  history.checksum,
  event.version,
  event.name,
  event.at,
  event.sha256,
  event.ms,
  event.run_id,
  event.id
from dbctl.schema_history as history
left join (
  select distinct on (said.key)
    said.key, said.version, said.name, said.at, said.sha256, said.ms, said.run_id, said.id
  from dbctl.event as said
  where said.kind in ('applied', 'accepted') and said.direction = 'up'
  order by said.key, said.id desc
) as event on event.key = history.version
order by history.version;
