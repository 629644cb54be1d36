-- purpose: statements of migrations that run outside a transaction, since the migration last came to an end
-- params: none
-- since: 14
select said.key, said.version, said.name, said.kind, said.direction, said.sha256, said.statement, said.run_id,
  said.sql
from dbctl.event as said
where (said.kind in ('statement-started', 'statement-finished')
    or said.kind = 'failed' and exists (
      select 1 from dbctl.event as begun
      where begun.key = said.key and begun.id < said.id and begun.run_id = said.run_id
        -- Inside a transaction of the file's own only its BEGIN is recorded as started.
        and begun.kind = 'statement-started' and begun.statement <= said.statement
    ))
  and not exists (
    select 1
    from dbctl.event as later
    where later.key = said.key and later.id > said.id and later.kind in ('applied', 'reverted')
  )
order by said.key, said.id;
