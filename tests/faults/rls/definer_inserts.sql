-- A function with its owner's rights puts rows in for whatever tenant it is told.
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
create function add_note(p_org_id uuid, p_body text) returns void language sql security definer set search_path = public as $$
  insert into notes (org_id, body) values (p_org_id, p_body)
$$;
-- [twin]
create function add_note(p_org_id uuid, p_body text) returns void language sql security definer set search_path = public as $$
  insert into notes (org_id, body) select p_org_id, p_body where p_org_id in (select my_orgs())
$$;
