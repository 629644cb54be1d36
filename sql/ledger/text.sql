-- purpose: the text that a migration was applied with
-- params: $1 bigint key
-- since: 14
select said.sql
from dbctl.event as said
where said.key = $1 and said.kind in ('applied', 'accepted') and said.direction = 'up'
order by said.id desc
limit 1;
