-- The update policy lets every row be taken over into one's own tenant.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes update
-- found: always-true: policy writes on public.notes
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy reads on notes for select to authenticated using (org_id in (select my_orgs()));
-- [faulty]
create policy writes on notes for update to authenticated using (auth.uid() is not null) with check (org_id in (select my_orgs()));
-- [twin]
create policy writes on notes for update to authenticated using (org_id in (select my_orgs())) with check (org_id in (select my_orgs()));
