-- Who may do what: a catalogue of permissions, roles of each organization that hold some of
-- them, and members who hold roles. Owners may do everything (organization_members.is_owner).

create table if not exists public.permissions (
  id uuid primary key default gen_random_uuid(),
  code text not null,
  description text not null,
  default_roles text[] not null default '{}'::text[],
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint permissions_code_check check (code ~ '^[a-z_]+[.][a-z_]+$'),
  constraint permissions_default_roles_check check (default_roles <@ array['admin', 'recruiter', 'viewer'])
);
comment on table public.permissions is 'What can be allowed; the same for all organizations, changed by migrations only.';
comment on column public.permissions.default_roles is 'Codes of the roles that get this permission in every new organization.';

create unique index if not exists permissions_code_key on public.permissions (code) where deleted_at is null;
create index if not exists permissions_created_by_idx on public.permissions (created_by);
create index if not exists permissions_updated_by_idx on public.permissions (updated_by);

create or replace trigger set_created_by
  before insert on public.permissions
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.permissions
  for each row execute function app.set_updated_at();

create table if not exists public.roles (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  code text not null,
  name text not null,
  description text,
  is_system boolean not null default false,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint roles_org_id_id_key unique (org_id, id),
  constraint roles_code_check check (code ~ '^[a-z][a-z0-9_]*$'),
  constraint roles_name_check check (length(name) between 1 and 100)
);
comment on table public.roles is 'Named sets of permissions within one organization.';
comment on column public.roles.is_system is 'Made with the organization, not by its people.';

create unique index if not exists roles_org_id_code_key on public.roles (org_id, code) where deleted_at is null;
create index if not exists roles_created_by_idx on public.roles (created_by);
create index if not exists roles_updated_by_idx on public.roles (updated_by);

create or replace trigger set_created_by
  before insert on public.roles
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.roles
  for each row execute function app.set_updated_at();

create table if not exists public.role_permissions (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  role_id uuid not null,
  permission_id uuid not null references public.permissions (id) on delete cascade,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  -- The organization is part of the key: a role of one tenant never serves another.
  constraint role_permissions_role_fkey foreign key (org_id, role_id)
    references public.roles (org_id, id) on delete cascade
);
comment on table public.role_permissions is 'Permissions that a role holds.';

create unique index if not exists role_permissions_role_id_permission_id_key
  on public.role_permissions (role_id, permission_id) where deleted_at is null;
create index if not exists role_permissions_org_id_role_id_idx on public.role_permissions (org_id, role_id);
create index if not exists role_permissions_permission_id_idx on public.role_permissions (permission_id);
create index if not exists role_permissions_created_by_idx on public.role_permissions (created_by);
create index if not exists role_permissions_updated_by_idx on public.role_permissions (updated_by);

create or replace trigger set_created_by
  before insert on public.role_permissions
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.role_permissions
  for each row execute function app.set_updated_at();

create table if not exists public.user_roles (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null default app.current_org_id()
    references public.organizations (id) on delete cascade,
  user_id uuid not null,
  role_id uuid not null,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint user_roles_member_fkey foreign key (org_id, user_id)
    references public.organization_members (org_id, user_id) on delete cascade
    deferrable initially deferred,
  constraint user_roles_role_fkey foreign key (org_id, role_id)
    references public.roles (org_id, id) on delete cascade
);
comment on table public.user_roles is 'Roles that a member of an organization holds there.';

create unique index if not exists user_roles_user_id_role_id_key
  on public.user_roles (user_id, role_id) where deleted_at is null;
create index if not exists user_roles_org_id_user_id_idx on public.user_roles (org_id, user_id);
create index if not exists user_roles_org_id_role_id_idx on public.user_roles (org_id, role_id);
create index if not exists user_roles_created_by_idx on public.user_roles (created_by);
create index if not exists user_roles_updated_by_idx on public.user_roles (updated_by);

create or replace trigger set_created_by
  before insert on public.user_roles
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.user_roles
  for each row execute function app.set_updated_at();

-- Asking for a permission ---------------------------------------------------------------

-- A set, not a boolean of the row: `org_id in (select app.org_ids_with('jobs.read'))` runs once in a query.
create or replace function app.org_ids_with(p_permission text)
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select app.owned_org_ids()
  union
  select ur.org_id
  from public.user_roles as ur
  join public.roles as r on r.id = ur.role_id
  join public.role_permissions as rp on rp.role_id = r.id
  join public.permissions as p on p.id = rp.permission_id
  where ur.user_id = (select auth.uid())
    and ur.org_id in (select app.current_org_ids())
    and p.code = p_permission
    and ur.deleted_at is null
    and r.deleted_at is null
    and rp.deleted_at is null
    and p.deleted_at is null
$$;
comment on function app.org_ids_with(text) is
  'Organizations in which the user of this request holds the permission, through a role or as an owner.';
revoke execute on function app.org_ids_with(text) from public;
grant execute on function app.org_ids_with(text) to authenticated, service_role;

create or replace function app.has_permission(p_org_id uuid, p_permission text)
returns boolean
language sql
stable
set search_path = ''
as $$
  select p_org_id in (select app.org_ids_with(p_permission))
$$;
comment on function app.has_permission(uuid, text) is
  'Whether the user of this request holds the permission in the organization; for functions, policies use org_ids_with.';
revoke execute on function app.has_permission(uuid, text) from public;
grant execute on function app.has_permission(uuid, text) to authenticated, service_role;

-- Roles that every organization starts with ---------------------------------------------

create or replace function app.provision_roles(p_org_id uuid)
returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.roles (org_id, code, name, description, is_system)
  values
    (p_org_id, 'admin', 'Administrator', 'Runs the organization: people, roles, billing and all records.', true),
    (p_org_id, 'recruiter', 'Recruiter', 'Works with clients, jobs, candidates and submissions.', true),
    (p_org_id, 'viewer', 'Viewer', 'Reads everything that recruiters work with.', true)
  on conflict (org_id, code) where deleted_at is null do nothing;

  insert into public.role_permissions (org_id, role_id, permission_id)
  select r.org_id, r.id, p.id
  from public.roles as r
  join public.permissions as p on r.code = any (p.default_roles)
  where r.org_id = p_org_id
    and r.is_system
    and r.deleted_at is null
    and p.deleted_at is null
  on conflict (role_id, permission_id) where deleted_at is null do nothing;
$$;
comment on function app.provision_roles(uuid) is
  'Gives an organization the system roles and the default permissions that it lacks; safe to repeat.';
revoke execute on function app.provision_roles(uuid) from public;
grant execute on function app.provision_roles(uuid) to service_role;

create or replace function app.provision_organization()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform app.provision_roles(new.id);
  return null;
end
$$;
comment on function app.provision_organization() is 'Trigger: gives a new organization its system roles.';
revoke execute on function app.provision_organization() from public;

create or replace trigger provision_organization
  after insert on public.organizations
  for each row execute function app.provision_organization();

-- Organizations made before this file get their roles now.
select app.provision_roles(o.id) from public.organizations as o;

-- Row level security --------------------------------------------------------------------

alter table public.permissions enable row level security;

drop policy if exists permissions_select on public.permissions;
create policy permissions_select on public.permissions
  for select to authenticated
  using (deleted_at is null);

revoke all on table public.permissions from anon, authenticated;
grant select on table public.permissions to authenticated;
grant select, insert, update, delete on table public.permissions to service_role;

alter table public.roles enable row level security;

drop policy if exists roles_select on public.roles;
create policy roles_select on public.roles
  for select to authenticated
  using (
    org_id in (select app.current_org_ids())
    and (deleted_at is null or org_id in (select app.org_ids_with('roles.manage')))
  );
drop policy if exists roles_insert on public.roles;
create policy roles_insert on public.roles
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('roles.manage'))
    and deleted_at is null
  );
drop policy if exists roles_update on public.roles;
create policy roles_update on public.roles
  for update to authenticated
  using (org_id in (select app.org_ids_with('roles.manage')))
  with check (org_id in (select app.org_ids_with('roles.manage')));
drop policy if exists roles_delete on public.roles;
create policy roles_delete on public.roles
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('roles.manage'))
  );

revoke all on table public.roles from anon, authenticated;
grant select, insert, update, delete on table public.roles to authenticated;
grant select, insert, update, delete on table public.roles to service_role;

alter table public.role_permissions enable row level security;

drop policy if exists role_permissions_select on public.role_permissions;
create policy role_permissions_select on public.role_permissions
  for select to authenticated
  using (
    org_id in (select app.current_org_ids())
    and (deleted_at is null or org_id in (select app.org_ids_with('roles.manage')))
  );
drop policy if exists role_permissions_insert on public.role_permissions;
create policy role_permissions_insert on public.role_permissions
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('roles.manage'))
    and deleted_at is null
  );
drop policy if exists role_permissions_update on public.role_permissions;
create policy role_permissions_update on public.role_permissions
  for update to authenticated
  using (org_id in (select app.org_ids_with('roles.manage')))
  with check (org_id in (select app.org_ids_with('roles.manage')));
drop policy if exists role_permissions_delete on public.role_permissions;
create policy role_permissions_delete on public.role_permissions
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('roles.manage'))
  );

revoke all on table public.role_permissions from anon, authenticated;
grant select, insert, update, delete on table public.role_permissions to authenticated;
grant select, insert, update, delete on table public.role_permissions to service_role;

alter table public.user_roles enable row level security;

drop policy if exists user_roles_select on public.user_roles;
create policy user_roles_select on public.user_roles
  for select to authenticated
  using (
    org_id in (select app.current_org_ids())
    and (deleted_at is null or org_id in (select app.org_ids_with('roles.manage')))
  );
drop policy if exists user_roles_insert on public.user_roles;
create policy user_roles_insert on public.user_roles
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('roles.manage'))
    and deleted_at is null
  );
drop policy if exists user_roles_update on public.user_roles;
create policy user_roles_update on public.user_roles
  for update to authenticated
  using (org_id in (select app.org_ids_with('roles.manage')))
  with check (org_id in (select app.org_ids_with('roles.manage')));
drop policy if exists user_roles_delete on public.user_roles;
create policy user_roles_delete on public.user_roles
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('roles.manage'))
  );

revoke all on table public.user_roles from anon, authenticated;
grant select, insert, update, delete on table public.user_roles to authenticated;
grant select, insert, update, delete on table public.user_roles to service_role;

-- Until now only owners could change an organization and its members; from here on whoever
-- holds the permission can, except that only owners make, change or remove owners.
drop policy if exists organizations_update on public.organizations;
create policy organizations_update on public.organizations
  for update to authenticated
  using (id in (select app.org_ids_with('organization.update')))
  with check (id in (select app.org_ids_with('organization.update')));
-- dbctl:ignore wide-lock-window: there are no rows yet, and both tables are of the same release
drop policy if exists organization_members_insert on public.organization_members;
create policy organization_members_insert on public.organization_members
  for insert to authenticated
  with check (
    org_id in (select app.org_ids_with('members.manage'))
    and (not is_owner or org_id in (select app.owned_org_ids()))
    and deleted_at is null
  );
drop policy if exists organization_members_update on public.organization_members;
create policy organization_members_update on public.organization_members
  for update to authenticated
  using (
    org_id in (select app.org_ids_with('members.manage'))
    and (not is_owner or org_id in (select app.owned_org_ids()))
  )
  with check (
    org_id in (select app.org_ids_with('members.manage'))
    and (not is_owner or org_id in (select app.owned_org_ids()))
  );
drop policy if exists organization_members_delete on public.organization_members;
create policy organization_members_delete on public.organization_members
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.org_ids_with('members.manage'))
    and (not is_owner or org_id in (select app.owned_org_ids()))
  );
