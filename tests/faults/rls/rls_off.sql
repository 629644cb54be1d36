-- A new table without row level security.
-- run: test rls
-- setting: [local]
-- setting: platform = "supabase"
-- found: unauthenticated-see-nothing: public.files
-- found: tenant-isolation: public.files
-- [base]
create table orgs (id uuid primary key default gen_random_uuid(), name text not null);
create table members (org_id uuid not null references orgs on delete cascade, user_id uuid not null, primary key (org_id, user_id));
create function my_orgs() returns setof uuid language sql stable security definer set search_path = public as $$
  select org_id from members where user_id = auth.uid()
$$;
alter table orgs enable row level security;
alter table members enable row level security;
create policy own_orgs on orgs for select to authenticated using (id in (select my_orgs()));
create policy own_members on members for select to authenticated using (org_id in (select my_orgs()));
-- [faulty]
create table files (id bigint generated always as identity primary key, org_id uuid not null references orgs, path text not null);
-- [twin]
create table files (id bigint generated always as identity primary key, org_id uuid not null references orgs, path text not null);
alter table files enable row level security;
create policy of_org on files to authenticated using (org_id in (select my_orgs()));
