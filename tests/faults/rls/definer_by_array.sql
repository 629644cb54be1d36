-- A function with its owner's rights gives the rows of all keys that it is told.
-- run: test rls
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes
-- found: unauthenticated-see-nothing: public.notes
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
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy own on notes for all to authenticated using (org_id in (select my_orgs())) with check (org_id in (select my_orgs()));
-- [faulty]
create function many(ids uuid[]) returns setof notes language sql stable security definer set search_path = public as $$
  select * from notes where id = any (ids)
$$;
-- [twin]
create function many(ids uuid[]) returns setof notes language sql stable security definer set search_path = public as $$
  select * from notes where id = any (ids) and org_id in (select my_orgs())
$$;
