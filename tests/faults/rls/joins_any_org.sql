-- A user can make himself a member of any tenant.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.members insert
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy of_org on notes for all to authenticated using (org_id in (select my_orgs())) with check (org_id in (select my_orgs()));
-- [faulty]
create policy joins on members for insert to authenticated with check (user_id = auth.uid());
-- [twin]
create policy joins on members for insert to authenticated with check (org_id in (select my_orgs()));
