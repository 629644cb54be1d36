-- platform: supabase
-- says: tenant-isolation: update, move of public.projects
-- says: reads no column
-- says: policy change lets it through
-- fault:
create table public.organizations (id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (
  org_id uuid not null references public.organizations (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  primary key (org_id, user_id)
);
create function public.my_orgs() returns setof uuid language sql stable security definer set search_path = ''
  as $$ select org_id from public.members where user_id = (select auth.uid()) $$;
alter table public.organizations enable row level security;
alter table public.members enable row level security;
create policy members_see on public.organizations for select to authenticated using (id in (select public.my_orgs()));
create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
create table public.projects (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.organizations (id) on delete cascade,
  title text not null
);
alter table public.projects enable row level security;
create policy read on public.projects for select to authenticated using (org_id in (select public.my_orgs()));
create policy change on public.projects for update to authenticated using (true) with check (org_id in (select public.my_orgs()) or title is not null);
-- twin:
create table public.organizations (id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (
  org_id uuid not null references public.organizations (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  primary key (org_id, user_id)
);
create function public.my_orgs() returns setof uuid language sql stable security definer set search_path = ''
  as $$ select org_id from public.members where user_id = (select auth.uid()) $$;
alter table public.organizations enable row level security;
alter table public.members enable row level security;
create policy members_see on public.organizations for select to authenticated using (id in (select public.my_orgs()));
create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
create table public.projects (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.organizations (id) on delete cascade,
  title text not null
);
alter table public.projects enable row level security;
create policy read on public.projects for select to authenticated using (org_id in (select public.my_orgs()));
create policy change on public.projects for update to authenticated using (org_id in (select public.my_orgs())) with check (org_id in (select public.my_orgs()));
