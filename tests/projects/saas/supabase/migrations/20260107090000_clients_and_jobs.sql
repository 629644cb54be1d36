-- The companies that an organization recruits for, who looks after them, and their jobs.

create table if not exists public.clients (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  name text not null,
  website text,
  industry text,
  status text not null default 'active',
  notes text,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint clients_org_id_id_key unique (org_id, id),
  constraint clients_name_check check (length(name) between 1 and 200),
  constraint clients_status_check check (status in ('prospect', 'active', 'inactive'))
);
comment on table public.clients is 'Companies that give jobs to an organization.';

create unique index if not exists clients_org_id_name_key on public.clients (org_id, lower(name)) where deleted_at is null;
create index if not exists clients_created_by_idx on public.clients (created_by);
create index if not exists clients_updated_by_idx on public.clients (updated_by);

create or replace trigger set_created_by
  before insert on public.clients
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.clients
  for each row execute function app.set_updated_at();

alter table public.clients enable row level security;

drop policy if exists clients_select on public.clients;
create policy clients_select on public.clients
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('clients.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('clients.delete')))
  );
drop policy if exists clients_insert on public.clients;
create policy clients_insert on public.clients
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('clients.write'))
    and deleted_at is null
  );
drop policy if exists clients_update on public.clients;
create policy clients_update on public.clients
  for update to authenticated
  using (org_id in (select app.org_ids_with('clients.write')))
  with check (
    org_id in (select app.org_ids_with('clients.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('clients.delete')))
  );
drop policy if exists clients_delete on public.clients;
create policy clients_delete on public.clients
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('clients.delete'))
  );

revoke all on table public.clients from anon, authenticated;
grant select, insert, update, delete on table public.clients to authenticated;
grant select, insert, update, delete on table public.clients to service_role;

create table if not exists public.user_clients (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  user_id uuid not null,
  client_id uuid not null,
  is_lead boolean not null default false,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint user_clients_member_fkey foreign key (org_id, user_id)
    references public.organization_members (org_id, user_id) on delete cascade
    deferrable initially deferred,
  constraint user_clients_client_fkey foreign key (org_id, client_id)
    references public.clients (org_id, id) on delete cascade
);
comment on table public.user_clients is 'Members who look after a client.';

create unique index if not exists user_clients_user_id_client_id_key
  on public.user_clients (user_id, client_id) where deleted_at is null;
create unique index if not exists user_clients_client_id_lead_key
  on public.user_clients (client_id) where is_lead and deleted_at is null;
create index if not exists user_clients_org_id_user_id_idx on public.user_clients (org_id, user_id);
create index if not exists user_clients_org_id_client_id_idx on public.user_clients (org_id, client_id);
create index if not exists user_clients_created_by_idx on public.user_clients (created_by);
create index if not exists user_clients_updated_by_idx on public.user_clients (updated_by);

create or replace trigger set_created_by
  before insert on public.user_clients
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.user_clients
  for each row execute function app.set_updated_at();

alter table public.user_clients enable row level security;

drop policy if exists user_clients_select on public.user_clients;
create policy user_clients_select on public.user_clients
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('clients.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('clients.delete')))
  );
drop policy if exists user_clients_insert on public.user_clients;
create policy user_clients_insert on public.user_clients
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('clients.write'))
    and deleted_at is null
  );
drop policy if exists user_clients_update on public.user_clients;
create policy user_clients_update on public.user_clients
  for update to authenticated
  using (org_id in (select app.org_ids_with('clients.write')))
  with check (
    org_id in (select app.org_ids_with('clients.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('clients.delete')))
  );
drop policy if exists user_clients_delete on public.user_clients;
create policy user_clients_delete on public.user_clients
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('clients.delete'))
  );

revoke all on table public.user_clients from anon, authenticated;
grant select, insert, update, delete on table public.user_clients to authenticated;
grant select, insert, update, delete on table public.user_clients to service_role;

do $$
begin
  if to_regtype('public.job_status') is null then
    create type public.job_status as enum (
      'draft',
      'open',
      'on_hold',
      'filled',
      'closed'
    );
  end if;
end
$$;
comment on type public.job_status is 'Where a job stands.';

create table if not exists public.jobs (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  client_id uuid not null,
  owner_id uuid,
  title text not null,
  description text,
  status public.job_status not null default 'draft',
  employment_type text not null default 'permanent',
  location text,
  openings integer not null default 1,
  salary_min numeric(12, 2),
  salary_max numeric(12, 2),
  currency text not null default 'USD',
  opened_at timestamptz,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint jobs_org_id_id_key unique (org_id, id),
  constraint jobs_client_fkey foreign key (org_id, client_id)
    references public.clients (org_id, id) on delete no action,
  constraint jobs_owner_fkey foreign key (org_id, owner_id)
    references public.organization_members (org_id, user_id) on delete set null (owner_id)
    deferrable initially deferred,
  constraint jobs_title_check check (length(title) between 1 and 200),
  constraint jobs_employment_type_check check (employment_type in ('permanent', 'contract', 'contract_to_hire', 'temporary')),
  constraint jobs_openings_check check (openings > 0),
  constraint jobs_salary_check check (salary_min >= 0 and salary_max >= salary_min),
  constraint jobs_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint jobs_closed_at_check check (closed_at is null or closed_at >= opened_at)
);
comment on table public.jobs is 'Positions that a client wants filled.';
comment on column public.jobs.owner_id is 'Member who is responsible for the job.';
comment on column public.jobs.currency is 'ISO 4217 code of salary_min and salary_max.';

create index if not exists jobs_org_id_client_id_idx on public.jobs (org_id, client_id);
create index if not exists jobs_org_id_owner_id_idx on public.jobs (org_id, owner_id);
create index if not exists jobs_org_id_status_idx on public.jobs (org_id, status) where deleted_at is null;
create index if not exists jobs_created_by_idx on public.jobs (created_by);
create index if not exists jobs_updated_by_idx on public.jobs (updated_by);

create or replace trigger set_created_by
  before insert on public.jobs
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.jobs
  for each row execute function app.set_updated_at();

alter table public.jobs enable row level security;

drop policy if exists jobs_select on public.jobs;
create policy jobs_select on public.jobs
  for select to authenticated
  using (
    org_id in (select app.org_ids_with('jobs.read'))
    and (deleted_at is null or org_id in (select app.org_ids_with('jobs.delete')))
  );
drop policy if exists jobs_insert on public.jobs;
create policy jobs_insert on public.jobs
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('jobs.write'))
    and deleted_at is null
  );
drop policy if exists jobs_update on public.jobs;
create policy jobs_update on public.jobs
  for update to authenticated
  using (org_id in (select app.org_ids_with('jobs.write')))
  with check (
    org_id in (select app.org_ids_with('jobs.write'))
    and (deleted_at is null or org_id in (select app.org_ids_with('jobs.delete')))
  );
drop policy if exists jobs_delete on public.jobs;
create policy jobs_delete on public.jobs
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('jobs.delete'))
  );

revoke all on table public.jobs from anon, authenticated;
grant select, insert, update, delete on table public.jobs to authenticated;
grant select, insert, update, delete on table public.jobs to service_role;
