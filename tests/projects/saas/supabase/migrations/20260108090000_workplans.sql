-- Workplans: a template says when work on a job or a submission begins; activity patterns say
-- what there is to do and what follows from it; instances and activities are the work itself.

create table if not exists public.workplan_templates (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  code text not null,
  name text not null,
  entity_type text not null,
  trigger_event text not null default 'create',
  trigger_status text,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint workplan_templates_org_id_id_key unique (org_id, id),
  constraint workplan_templates_code_check check (code ~ '^[a-z][a-z0-9_]*$'),
  constraint workplan_templates_entity_type_check check (entity_type in ('job', 'submission')),
  constraint workplan_templates_trigger_event_check check (trigger_event in ('create', 'status_change')),
  constraint workplan_templates_trigger_status_check
    check ((trigger_event = 'status_change') = (trigger_status is not null))
);
comment on table public.workplan_templates is 'When a workplan starts: at the creation of an entity, or when it reaches a status.';
comment on column public.workplan_templates.trigger_status is 'Status that starts the plan; only for status_change.';

create unique index if not exists workplan_templates_org_id_code_key
  on public.workplan_templates (org_id, code) where deleted_at is null;
create index if not exists workplan_templates_created_by_idx on public.workplan_templates (created_by);
create index if not exists workplan_templates_updated_by_idx on public.workplan_templates (updated_by);

create or replace trigger set_created_by
  before insert on public.workplan_templates
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.workplan_templates
  for each row execute function app.set_updated_at();

alter table public.workplan_templates enable row level security;

drop policy if exists workplan_templates_select on public.workplan_templates;
create policy workplan_templates_select on public.workplan_templates
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('workplans.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('workplans.delete')))
  );
drop policy if exists workplan_templates_insert on public.workplan_templates;
create policy workplan_templates_insert on public.workplan_templates
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('workplans.write'))
    and deleted_at is null
  );
drop policy if exists workplan_templates_update on public.workplan_templates;
create policy workplan_templates_update on public.workplan_templates
  for update to authenticated
  using (org_id in (select app.org_ids_with('workplans.write')))
  with check (
    org_id in (select app.org_ids_with('workplans.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('workplans.delete')))
  );
drop policy if exists workplan_templates_delete on public.workplan_templates;
create policy workplan_templates_delete on public.workplan_templates
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('workplans.delete'))
  );

revoke all on table public.workplan_templates from anon, authenticated;
grant select, insert, update, delete on table public.workplan_templates to authenticated;
grant select, insert, update, delete on table public.workplan_templates to service_role;

create table if not exists public.activity_patterns (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  template_id uuid not null,
  code text not null,
  name text not null,
  description text,
  category text not null default 'task',
  priority text not null default 'normal',
  target_days integer not null default 1,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint activity_patterns_org_id_id_key unique (org_id, id),
  constraint activity_patterns_template_fkey foreign key (org_id, template_id)
    references public.workplan_templates (org_id, id) on delete cascade,
  constraint activity_patterns_code_check check (code ~ '^[a-z][a-z0-9_]*$'),
  constraint activity_patterns_category_check check (category in ('call', 'email', 'meeting', 'task', 'follow_up')),
  constraint activity_patterns_priority_check check (priority in ('urgent', 'high', 'normal', 'low')),
  constraint activity_patterns_target_days_check check (target_days between 0 and 365)
);
comment on table public.activity_patterns is 'Activities that a workplan brings about.';
comment on column public.activity_patterns.target_days is 'Days from the start of the activity to its due date.';

create unique index if not exists activity_patterns_template_id_code_key
  on public.activity_patterns (template_id, code) where deleted_at is null;
create index if not exists activity_patterns_org_id_template_id_idx on public.activity_patterns (org_id, template_id);
create index if not exists activity_patterns_created_by_idx on public.activity_patterns (created_by);
create index if not exists activity_patterns_updated_by_idx on public.activity_patterns (updated_by);

create or replace trigger set_created_by
  before insert on public.activity_patterns
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.activity_patterns
  for each row execute function app.set_updated_at();

alter table public.activity_patterns enable row level security;

drop policy if exists activity_patterns_select on public.activity_patterns;
create policy activity_patterns_select on public.activity_patterns
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('workplans.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('workplans.delete')))
  );
drop policy if exists activity_patterns_insert on public.activity_patterns;
create policy activity_patterns_insert on public.activity_patterns
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('workplans.write'))
    and deleted_at is null
  );
drop policy if exists activity_patterns_update on public.activity_patterns;
create policy activity_patterns_update on public.activity_patterns
  for update to authenticated
  using (org_id in (select app.org_ids_with('workplans.write')))
  with check (
    org_id in (select app.org_ids_with('workplans.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('workplans.delete')))
  );
drop policy if exists activity_patterns_delete on public.activity_patterns;
create policy activity_patterns_delete on public.activity_patterns
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('workplans.delete'))
  );

revoke all on table public.activity_patterns from anon, authenticated;
grant select, insert, update, delete on table public.activity_patterns to authenticated;
grant select, insert, update, delete on table public.activity_patterns to service_role;

create table if not exists public.activity_pattern_successors (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  pattern_id uuid not null,
  successor_pattern_id uuid not null,
  trigger_on text not null default 'complete',
  delay_days integer not null default 0,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint activity_pattern_successors_pattern_fkey foreign key (org_id, pattern_id)
    references public.activity_patterns (org_id, id) on delete cascade,
  constraint activity_pattern_successors_successor_fkey foreign key (org_id, successor_pattern_id)
    references public.activity_patterns (org_id, id) on delete cascade,
  constraint activity_pattern_successors_not_itself_check check (pattern_id <> successor_pattern_id),
  constraint activity_pattern_successors_trigger_on_check check (trigger_on in ('complete', 'skip', 'timeout')),
  constraint activity_pattern_successors_delay_days_check check (delay_days between 0 and 365)
);
comment on table public.activity_pattern_successors is 'Which pattern follows when an activity is completed, skipped or escalated (timeout).';

create unique index if not exists activity_pattern_successors_pattern_id_successor_key
  on public.activity_pattern_successors (pattern_id, successor_pattern_id, trigger_on) where deleted_at is null;
create index if not exists activity_pattern_successors_org_id_pattern_id_idx
  on public.activity_pattern_successors (org_id, pattern_id);
create index if not exists activity_pattern_successors_org_id_successor_pattern_id_idx
  on public.activity_pattern_successors (org_id, successor_pattern_id);
create index if not exists activity_pattern_successors_created_by_idx on public.activity_pattern_successors (created_by);
create index if not exists activity_pattern_successors_updated_by_idx on public.activity_pattern_successors (updated_by);

create or replace trigger set_created_by
  before insert on public.activity_pattern_successors
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.activity_pattern_successors
  for each row execute function app.set_updated_at();

alter table public.activity_pattern_successors enable row level security;

drop policy if exists activity_pattern_successors_select on public.activity_pattern_successors;
create policy activity_pattern_successors_select on public.activity_pattern_successors
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('workplans.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('workplans.delete')))
  );
drop policy if exists activity_pattern_successors_insert on public.activity_pattern_successors;
create policy activity_pattern_successors_insert on public.activity_pattern_successors
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('workplans.write'))
    and deleted_at is null
  );
drop policy if exists activity_pattern_successors_update on public.activity_pattern_successors;
create policy activity_pattern_successors_update on public.activity_pattern_successors
  for update to authenticated
  using (org_id in (select app.org_ids_with('workplans.write')))
  with check (
    org_id in (select app.org_ids_with('workplans.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('workplans.delete')))
  );
drop policy if exists activity_pattern_successors_delete on public.activity_pattern_successors;
create policy activity_pattern_successors_delete on public.activity_pattern_successors
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('workplans.delete'))
  );

revoke all on table public.activity_pattern_successors from anon, authenticated;
grant select, insert, update, delete on table public.activity_pattern_successors to authenticated;
grant select, insert, update, delete on table public.activity_pattern_successors to service_role;

create table if not exists public.workplan_instances (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  template_id uuid not null,
  entity_type text not null,
  entity_id uuid not null,
  status text not null default 'active',
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint workplan_instances_org_id_id_key unique (org_id, id),
  constraint workplan_instances_template_fkey foreign key (org_id, template_id)
    references public.workplan_templates (org_id, id) on delete cascade,
  constraint workplan_instances_entity_type_check check (entity_type in ('job', 'submission')),
  constraint workplan_instances_status_check check (status in ('active', 'completed', 'cancelled')),
  constraint workplan_instances_completed_at_check check ((status = 'completed') = (completed_at is not null))
);
comment on table public.workplan_instances is 'A workplan at work on one job or submission.';
comment on column public.workplan_instances.entity_id is 'Id of the job or submission, as entity_type says.';

create unique index if not exists workplan_instances_template_id_entity_id_key
  on public.workplan_instances (template_id, entity_id) where status = 'active' and deleted_at is null;
create index if not exists workplan_instances_org_id_template_id_idx on public.workplan_instances (org_id, template_id);
create index if not exists workplan_instances_org_id_entity_idx on public.workplan_instances (org_id, entity_type, entity_id);
create index if not exists workplan_instances_created_by_idx on public.workplan_instances (created_by);
create index if not exists workplan_instances_updated_by_idx on public.workplan_instances (updated_by);

create or replace trigger set_created_by
  before insert on public.workplan_instances
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.workplan_instances
  for each row execute function app.set_updated_at();

alter table public.workplan_instances enable row level security;

drop policy if exists workplan_instances_select on public.workplan_instances;
create policy workplan_instances_select on public.workplan_instances
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('workplans.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('workplans.delete')))
  );
drop policy if exists workplan_instances_insert on public.workplan_instances;
create policy workplan_instances_insert on public.workplan_instances
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('workplans.write'))
    and deleted_at is null
  );
drop policy if exists workplan_instances_update on public.workplan_instances;
create policy workplan_instances_update on public.workplan_instances
  for update to authenticated
  using (org_id in (select app.org_ids_with('workplans.write')))
  with check (
    org_id in (select app.org_ids_with('workplans.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('workplans.delete')))
  );
drop policy if exists workplan_instances_delete on public.workplan_instances;
create policy workplan_instances_delete on public.workplan_instances
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('workplans.delete'))
  );

revoke all on table public.workplan_instances from anon, authenticated;
grant select, insert, update, delete on table public.workplan_instances to authenticated;
grant select, insert, update, delete on table public.workplan_instances to service_role;

create table if not exists public.activities (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  workplan_instance_id uuid,
  pattern_id uuid,
  entity_type text not null,
  entity_id uuid not null,
  subject text not null,
  category text not null default 'task',
  status text not null default 'open',
  priority text not null default 'normal',
  assigned_to uuid,
  due_at timestamptz,
  completed_at timestamptz,
  completed_by uuid references public.profiles (id) on delete set null
    deferrable initially deferred,
  outcome text,
  details jsonb not null default '{}'::jsonb,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint activities_workplan_instance_fkey foreign key (org_id, workplan_instance_id)
    references public.workplan_instances (org_id, id) on delete cascade,
  constraint activities_pattern_fkey foreign key (org_id, pattern_id)
    references public.activity_patterns (org_id, id) on delete set null (pattern_id),
  constraint activities_assigned_to_fkey foreign key (org_id, assigned_to)
    references public.organization_members (org_id, user_id) on delete set null (assigned_to)
    deferrable initially deferred,
  constraint activities_entity_type_check check (entity_type in ('job', 'submission', 'candidate', 'client')),
  constraint activities_subject_check check (length(subject) between 1 and 300),
  constraint activities_category_check check (category in ('call', 'email', 'meeting', 'task', 'follow_up')),
  constraint activities_status_check check (status in ('open', 'in_progress', 'completed', 'skipped', 'escalated')),
  constraint activities_priority_check check (priority in ('urgent', 'high', 'normal', 'low')),
  constraint activities_completed_at_check check (status not in ('completed', 'skipped') or completed_at is not null),
  constraint activities_details_check check (jsonb_typeof(details) = 'object')
);
comment on table public.activities is 'Things to do and things done, from a workplan or by hand.';
comment on column public.activities.workplan_instance_id is 'Null for an activity that somebody added by hand.';
comment on column public.activities.entity_id is 'Id of the job, submission, candidate or client, as entity_type says.';

create index if not exists activities_org_id_workplan_instance_id_idx on public.activities (org_id, workplan_instance_id);
create index if not exists activities_org_id_pattern_id_idx on public.activities (org_id, pattern_id);
create index if not exists activities_org_id_assigned_to_idx on public.activities (org_id, assigned_to);
create index if not exists activities_completed_by_idx on public.activities (completed_by);
create index if not exists activities_org_id_entity_idx on public.activities (org_id, entity_type, entity_id);
create index if not exists activities_org_id_due_at_idx on public.activities (org_id, due_at)
  where status in ('open', 'in_progress') and deleted_at is null;
create index if not exists activities_created_by_idx on public.activities (created_by);
create index if not exists activities_updated_by_idx on public.activities (updated_by);

create or replace trigger set_created_by
  before insert on public.activities
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.activities
  for each row execute function app.set_updated_at();

alter table public.activities enable row level security;

drop policy if exists activities_select on public.activities;
create policy activities_select on public.activities
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('workplans.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('workplans.delete')))
  );
drop policy if exists activities_insert on public.activities;
create policy activities_insert on public.activities
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('workplans.write'))
    and deleted_at is null
  );
drop policy if exists activities_update on public.activities;
create policy activities_update on public.activities
  for update to authenticated
  using (org_id in (select app.org_ids_with('workplans.write')))
  with check (
    org_id in (select app.org_ids_with('workplans.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('workplans.delete')))
  );
drop policy if exists activities_delete on public.activities;
create policy activities_delete on public.activities
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('workplans.delete'))
  );

revoke all on table public.activities from anon, authenticated;
grant select, insert, update, delete on table public.activities to authenticated;
grant select, insert, update, delete on table public.activities to service_role;

-- Starting a workplan --------------------------------------------------------------------

create or replace function app.start_workplans()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_entity_type text := tg_argv[0];
  v_event text := case tg_op when 'INSERT' then 'create' else 'status_change' end;
  v_template record;
  v_instance_id uuid;
begin
  if tg_op = 'UPDATE' and new.status = old.status then
    return null;
  end if;

  for v_template in
    select t.id
    from public.workplan_templates as t
    where t.org_id = new.org_id
      and t.entity_type = v_entity_type
      and t.trigger_event = v_event
      and (v_event = 'create' or t.trigger_status = new.status::text)
      and t.is_active
      and t.deleted_at is null
    order by t.code
  loop
    insert into public.workplan_instances (org_id, template_id, entity_type, entity_id)
    values (new.org_id, v_template.id, v_entity_type, new.id)
    on conflict (template_id, entity_id) where status = 'active' and deleted_at is null do nothing
    returning id into v_instance_id;

    -- The first activities are those that follow from no other.
    insert into public.activities
      (org_id, workplan_instance_id, pattern_id, entity_type, entity_id, subject, category, priority, due_at)
    select
      p.org_id, v_instance_id, p.id, v_entity_type, new.id, p.name, p.category, p.priority,
      now() + make_interval(days => p.target_days)
    from public.activity_patterns as p
    where v_instance_id is not null
      and p.template_id = v_template.id
      and p.is_active
      and p.deleted_at is null
      and not exists (
        select
        from public.activity_pattern_successors as s
        where s.successor_pattern_id = p.id
          and s.deleted_at is null
      );
  end loop;

  return null;
end
$$;
comment on function app.start_workplans() is
  'Trigger: starts the active workplans for a new entity, or for one whose status changed. Its argument is the entity type.';
revoke execute on function app.start_workplans() from public;

-- Not `update of status`: a trigger on one column would keep the type of that column fixed.
create or replace trigger start_workplans
  after insert or update on public.jobs
  for each row execute function app.start_workplans('job');
create or replace trigger start_workplans
  after insert or update on public.submissions
  for each row execute function app.start_workplans('submission');

-- Going through a workplan ------------------------------------------------------------------

create or replace function app.stamp_completion()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.status in ('completed', 'skipped') then
    new.completed_at := coalesce(new.completed_at, now());
    new.completed_by := coalesce(new.completed_by, auth.uid());
  else
    new.completed_at := null;
    new.completed_by := null;
  end if;
  return new;
end
$$;
comment on function app.stamp_completion() is
  'Trigger: fills completed_at and completed_by of a finished activity, and empties them again.';
revoke execute on function app.stamp_completion() from public;

create or replace trigger stamp_completion
  before insert or update of status on public.activities
  for each row execute function app.stamp_completion();

create or replace function app.advance_workplan()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_outcome text := case new.status
    when 'completed' then 'complete'
    when 'skipped' then 'skip'
    when 'escalated' then 'timeout'
  end;
begin
  if v_outcome is null or new.status = old.status or new.workplan_instance_id is null then
    return null;
  end if;

  -- Two people who finish the last two activities at the same moment take turns here.
  perform from public.workplan_instances as w where w.id = new.workplan_instance_id for update;

  insert into public.activities
    (org_id, workplan_instance_id, pattern_id, entity_type, entity_id, subject, category, priority, assigned_to, due_at)
  select
    p.org_id, new.workplan_instance_id, p.id, new.entity_type, new.entity_id, p.name, p.category, p.priority,
    new.assigned_to, now() + make_interval(days => s.delay_days + p.target_days)
  from public.activity_pattern_successors as s
  join public.activity_patterns as p on p.id = s.successor_pattern_id
  where s.pattern_id = new.pattern_id
    and s.trigger_on = v_outcome
    and s.deleted_at is null
    and p.is_active
    and p.deleted_at is null
    and not exists (
      select
      from public.activities as a
      where a.workplan_instance_id = new.workplan_instance_id
        and a.pattern_id = p.id
        and a.deleted_at is null
    );

  update public.workplan_instances as w
  set status = 'completed', completed_at = now()
  where w.id = new.workplan_instance_id
    and w.status = 'active'
    and not exists (
      select
      from public.activities as a
      where a.workplan_instance_id = w.id
        and a.status not in ('completed', 'skipped')
        and a.deleted_at is null
    );

  return null;
end
$$;
comment on function app.advance_workplan() is
  'Trigger: adds what follows from a finished activity, and completes the workplan when nothing is left to do.';
revoke execute on function app.advance_workplan() from public;

create or replace trigger advance_workplan
  after update on public.activities
  for each row execute function app.advance_workplan();

-- Live task lists: clients subscribe to their activities.
do $$
begin
  if exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime')
    and not exists (
      select
      from pg_catalog.pg_publication_tables
      where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = 'activities'
    )
  then
    alter publication supabase_realtime add table public.activities;
  end if;
end
$$;
