-- Everybody may change rows that their tenant has published: reading them is what publishing means.
-- run: test rls
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes
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
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null, status text not null default 'draft' check (status in ('draft', 'published')));
alter table notes enable row level security;
create policy reads on notes for select to authenticated using (org_id in (select my_orgs()) or status = 'published');
-- [faulty]
create policy changes on notes for update to authenticated using (org_id in (select my_orgs()) or status = 'published');
-- [twin]
create policy changes on notes for update to authenticated using (org_id in (select my_orgs()) and status = 'published');
