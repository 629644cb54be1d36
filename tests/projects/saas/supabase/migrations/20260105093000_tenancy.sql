-- People and the organizations they work for. Every tenant table to come has an `org_id`
-- that points here, and every policy asks the functions of this file whose row it is.

-- Profiles: the public side of auth.users -------------------------------------------

create table if not exists public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  email text,
  full_name text,
  avatar_url text,
  locale text not null default 'en',
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint profiles_full_name_check check (full_name is null or length(full_name) between 1 and 200),
  constraint profiles_locale_check check (locale ~ '^[a-z]{2}(-[A-Z]{2})?$')
);
comment on table public.profiles is 'One row for each user of auth.users, made by a trigger.';
comment on column public.profiles.email is 'Copy of auth.users.email, kept equal by the trigger; null for users without one.';

create index if not exists profiles_email_idx on public.profiles (lower(email)) where deleted_at is null;
create index if not exists profiles_created_by_idx on public.profiles (created_by);
create index if not exists profiles_updated_by_idx on public.profiles (updated_by);

create or replace trigger set_created_by
  before insert on public.profiles
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.profiles
  for each row execute function app.set_updated_at();

create or replace function app.sync_profile()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.profiles (id, email, full_name, avatar_url)
  values (
    new.id,
    new.email,
    nullif(left(new.raw_user_meta_data ->> 'full_name', 200), ''),
    nullif(new.raw_user_meta_data ->> 'avatar_url', '')
  )
  on conflict (id) do update set email = excluded.email;
  return null;
end
$$;
comment on function app.sync_profile() is
  'Trigger on auth.users: makes the profile of a new user and follows a changed e-mail address.';
revoke execute on function app.sync_profile() from public;

create or replace trigger on_auth_user_saved
  after insert or update of email on auth.users
  for each row execute function app.sync_profile();

-- Users who were there before this file get their profile now.
insert into public.profiles (id, email)
select u.id, u.email
from auth.users as u
on conflict (id) do nothing;

-- Organizations: the tenants ------------------------------------------------------------

create table if not exists public.organizations (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null,
  logo_url text,
  settings jsonb not null default '{}'::jsonb,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  constraint organizations_name_check check (length(name) between 1 and 200),
  constraint organizations_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 63),
  constraint organizations_settings_check check (jsonb_typeof(settings) = 'object')
);
comment on table public.organizations is 'Tenants. Everything with an org_id belongs to one of them.';
comment on column public.organizations.slug is 'Name in addresses; free again once its organization is deleted.';

create unique index if not exists organizations_slug_key on public.organizations (slug) where deleted_at is null;
create index if not exists organizations_created_by_idx on public.organizations (created_by);
create index if not exists organizations_updated_by_idx on public.organizations (updated_by);

create or replace trigger set_created_by
  before insert on public.organizations
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.organizations
  for each row execute function app.set_updated_at();

-- Members: who works where --------------------------------------------------------------
-- Here and in every later table the foreign keys to people are checked at commit: deleting a
-- user empties created_by and updated_by in two steps, and a check between them would meet
-- rows that the same deletion has not reached yet.

do $$
begin
  if to_regtype('public.member_status') is null then
    create type public.member_status as enum (
      'active',
      'suspended'
    );
  end if;
end
$$;
comment on type public.member_status is 'Whether a member may use the organization at the moment.';

create table if not exists public.organization_members (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.organizations (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade
    deferrable initially deferred,
  is_owner boolean not null default false,
  status public.member_status not null default 'active',
  title text,
  created_at timestamptz not null default now(),
  created_by uuid references auth.users (id) on delete set null,
  updated_at timestamptz not null default now(),
  updated_by uuid references auth.users (id) on delete set null,
  deleted_at timestamptz,
  -- Not partial: other tables point to (org_id, user_id). Who comes back is undeleted.
  constraint organization_members_org_id_user_id_key unique (org_id, user_id),
  constraint organization_members_title_check check (title is null or length(title) <= 200)
);
comment on table public.organization_members is 'Users of an organization; whoever made it is its first owner.';
comment on column public.organization_members.is_owner is 'May do everything in the organization, whatever the roles.';

create index if not exists organization_members_user_id_idx on public.organization_members (user_id);
create index if not exists organization_members_created_by_idx on public.organization_members (created_by);
create index if not exists organization_members_updated_by_idx on public.organization_members (updated_by);

create or replace trigger set_created_by
  before insert on public.organization_members
  for each row execute function app.set_created_by();
create or replace trigger set_updated_at
  before update on public.organization_members
  for each row execute function app.set_updated_at();

-- Whose rows may this request see? ------------------------------------------------------
-- Security definer, because these read the very tables whose policies call them.

create or replace function app.current_org_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.org_id
  from public.organization_members as m
  join public.organizations as o on o.id = m.org_id
  where m.user_id = (select auth.uid())
    and m.status = 'active'
    and m.deleted_at is null
    and o.deleted_at is null
$$;
comment on function app.current_org_ids() is 'Organizations in which the user of this request is an active member.';
revoke execute on function app.current_org_ids() from public;
grant execute on function app.current_org_ids() to authenticated, service_role;

create or replace function app.current_org_id()
returns uuid
language sql
stable
security definer
set search_path = ''
as $$
  with mine as (
    select org_id from app.current_org_ids() as ids (org_id)
  ),
  claimed as (
    select (select auth.jwt()) -> 'app_metadata' ->> 'org_id' as org_id
  )
  select mine.org_id
  from mine
  cross join claimed
  where mine.org_id::text = claimed.org_id
    or (claimed.org_id is null and (select count(*) from mine) = 1)
$$;
comment on function app.current_org_id() is
  'Default of every org_id: the organization in the token (app_metadata.org_id), else the only one the user has.';
revoke execute on function app.current_org_id() from public;
grant execute on function app.current_org_id() to authenticated, service_role;

create or replace function app.owned_org_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.org_id
  from public.organization_members as m
  join public.organizations as o on o.id = m.org_id
  where m.user_id = (select auth.uid())
    and m.is_owner
    and m.status = 'active'
    and m.deleted_at is null
    and o.deleted_at is null
$$;
comment on function app.owned_org_ids() is 'Organizations that the user of this request owns.';
revoke execute on function app.owned_org_ids() from public;
grant execute on function app.owned_org_ids() to authenticated, service_role;

create or replace function app.colleague_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.user_id
  from public.organization_members as m
  where m.org_id in (select app.current_org_ids())
    and m.deleted_at is null
$$;
comment on function app.colleague_ids() is 'Users who share an organization with the user of this request.';
revoke execute on function app.colleague_ids() from public;
grant execute on function app.colleague_ids() to authenticated, service_role;

-- Row level security --------------------------------------------------------------------

alter table public.profiles enable row level security;

drop policy if exists profiles_select on public.profiles;
create policy profiles_select on public.profiles
  for select to authenticated
  using (
    id = (select auth.uid())
    or (deleted_at is null and id in (select app.colleague_ids()))
  );
drop policy if exists profiles_update on public.profiles;
create policy profiles_update on public.profiles
  for update to authenticated
  using (id = (select auth.uid()))
  with check (id = (select auth.uid()));

revoke all on table public.profiles from anon, authenticated;
grant select on table public.profiles to authenticated;
grant update (full_name, avatar_url, locale, deleted_at) on table public.profiles to authenticated;
grant select, insert, update, delete on table public.profiles to service_role;

alter table public.organizations enable row level security;

drop policy if exists organizations_select on public.organizations;
create policy organizations_select on public.organizations
  for select to authenticated
  using (id in (select app.current_org_ids()));
drop policy if exists organizations_update on public.organizations;
create policy organizations_update on public.organizations
  for update to authenticated
  using (id in (select app.owned_org_ids()))
  with check (id in (select app.owned_org_ids()));

-- New organizations come from create_organization(): it also makes the first owner.
revoke all on table public.organizations from anon, authenticated;
grant select, update on table public.organizations to authenticated;
grant select, insert, update, delete on table public.organizations to service_role;

alter table public.organization_members enable row level security;

drop policy if exists organization_members_select on public.organization_members;
create policy organization_members_select on public.organization_members
  for select to authenticated
  using (
    user_id = (select auth.uid())
    or org_id in (select app.current_org_ids())
  );
drop policy if exists organization_members_insert on public.organization_members;
create policy organization_members_insert on public.organization_members
  for insert to authenticated
  with check (
    org_id in (select app.owned_org_ids())
    and deleted_at is null
  );
drop policy if exists organization_members_update on public.organization_members;
create policy organization_members_update on public.organization_members
  for update to authenticated
  using (org_id in (select app.owned_org_ids()))
  with check (org_id in (select app.owned_org_ids()));
drop policy if exists organization_members_delete on public.organization_members;
create policy organization_members_delete on public.organization_members
  for delete to authenticated
  using (
    deleted_at is not null
    and org_id in (select app.owned_org_ids())
  );

revoke all on table public.organization_members from anon, authenticated;
grant select, insert, update, delete on table public.organization_members to authenticated;
grant select, insert, update, delete on table public.organization_members to service_role;

-- Making an organization ----------------------------------------------------------------

create or replace function app.create_organization(p_name text, p_slug text)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
  v_org_id uuid;
begin
  if v_user_id is null then
    raise exception 'only a signed-in user can create an organization' using errcode = '42501';
  end if;

  insert into public.organizations (name, slug)
  values (p_name, p_slug)
  returning id into v_org_id;

  insert into public.organization_members (org_id, user_id, is_owner)
  values (v_org_id, v_user_id, true);

  return v_org_id;
end
$$;
comment on function app.create_organization(text, text) is
  'Makes an organization whose first owner is the user of this request, and returns its id.';
revoke execute on function app.create_organization(text, text) from public;
grant execute on function app.create_organization(text, text) to authenticated;

-- What the API shows is an invoker's function; the privileged one stays out of its reach.
create or replace function public.create_organization(p_name text, p_slug text)
returns uuid
language sql
set search_path = ''
as $$
  select app.create_organization(p_name, p_slug)
$$;
comment on function public.create_organization(text, text) is 'API of app.create_organization(text, text).';
revoke execute on function public.create_organization(text, text) from public, anon;
grant execute on function public.create_organization(text, text) to authenticated;
