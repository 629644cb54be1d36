-- Who changed what, when and from where, for everything that belongs to an organization.
-- Only the trigger writes here, so a row is never changed and has no updated_at or deleted_at.

create table if not exists public.audit_logs (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.organizations (id) on delete cascade,
  actor_id uuid references public.profiles (id) on delete set null,
  action text not null,
  entity_type text not null,
  entity_id uuid not null,
  old_values jsonb,
  new_values jsonb,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  constraint audit_logs_action_check check (action in ('insert', 'update', 'soft_delete', 'restore', 'delete'))
);
comment on table public.audit_logs is 'Append-only record of changes, written by app.write_audit_log().';
comment on column public.audit_logs.actor_id is 'User of the request; null for jobs without one, and after that user is gone.';
comment on column public.audit_logs.entity_type is 'Name of the table.';
comment on column public.audit_logs.old_values is 'The row before; of an update only the columns that changed.';
comment on column public.audit_logs.new_values is 'The row after; of an update only the columns that changed.';

create index if not exists audit_logs_org_id_created_at_idx on public.audit_logs (org_id, created_at desc);
create index if not exists audit_logs_org_id_entity_idx on public.audit_logs (org_id, entity_type, entity_id);
create index if not exists audit_logs_actor_id_idx on public.audit_logs (actor_id);

alter table public.audit_logs enable row level security;

drop policy if exists audit_logs_select on public.audit_logs;
create policy audit_logs_select on public.audit_logs
  for select to authenticated
  using (org_id in (select app.org_ids_with('audit.read')));

revoke all on table public.audit_logs from anon, authenticated, service_role;
grant select on table public.audit_logs to authenticated;
grant select on table public.audit_logs to service_role;

create or replace function app.write_audit_log()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- Names of columns that never enter the log are the trigger's arguments.
  v_hidden text[] := coalesce(tg_argv, '{}'::text[]);
  v_old jsonb;
  v_new jsonb;
  v_row jsonb;
  v_org_id uuid;
  v_entity_id uuid;
  v_action text := lower(tg_op);
  v_headers jsonb := nullif(current_setting('request.headers', true), '')::jsonb;
begin
  if tg_op <> 'INSERT' then
    v_old := to_jsonb(old) - v_hidden;
  end if;
  if tg_op <> 'DELETE' then
    v_new := to_jsonb(new) - v_hidden;
  end if;
  v_row := coalesce(v_new, v_old);
  v_entity_id := (v_row ->> 'id')::uuid;
  v_org_id := case tg_table_name when 'organizations' then v_entity_id else (v_row ->> 'org_id')::uuid end;

  -- When the organization itself goes, its log goes too: nothing left to write to.
  if not exists (select from public.organizations as o where o.id = v_org_id) then
    return null;
  end if;

  if tg_op = 'UPDATE' then
    if v_old ->> 'deleted_at' is null and v_new ->> 'deleted_at' is not null then
      v_action := 'soft_delete';
    elsif v_old ->> 'deleted_at' is not null and v_new ->> 'deleted_at' is null then
      v_action := 'restore';
    end if;

    select
      jsonb_object_agg(n.key, v_old -> n.key),
      jsonb_object_agg(n.key, n.value)
    into v_old, v_new
    from jsonb_each(v_new) as n
    where n.value is distinct from v_old -> n.key
      and n.key not in ('updated_at', 'updated_by');

    if v_new is null then
      return null;
    end if;
  end if;

  insert into public.audit_logs
    (org_id, actor_id, action, entity_type, entity_id, old_values, new_values, ip_address, user_agent)
  values (
    v_org_id,
    (select p.id from public.profiles as p where p.id = (select auth.uid())),
    v_action,
    tg_table_name,
    v_entity_id,
    v_old,
    v_new,
    nullif(trim(split_part(v_headers ->> 'x-forwarded-for', ',', 1)), ''),
    v_headers ->> 'user-agent'
  );
  return null;
end
$$;
comment on function app.write_audit_log() is
  'Trigger: writes one row of audit_logs for a changed row of its table. Arguments: columns to leave out.';
revoke execute on function app.write_audit_log() from public;

create or replace trigger write_audit_log
  after insert or update or delete on public.organizations
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.organization_members
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.roles
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.role_permissions
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.user_roles
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.clients
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.user_clients
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.jobs
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.candidates
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.submissions
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.interviews
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.workplan_templates
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.workplan_instances
  for each row execute function app.write_audit_log();
create or replace trigger write_audit_log
  after insert or update or delete on public.activities
  for each row execute function app.write_audit_log();
