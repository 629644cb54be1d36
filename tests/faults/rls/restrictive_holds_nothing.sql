-- Restrictive policies that hold nothing back: one says so, one compares the tenant with itself.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: always-true: policy all_of on public.notes
-- found: always-true: policy own on public.notes
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy of_org on notes for all to authenticated using (org_id in (select my_orgs())) with check (org_id in (select my_orgs()));
-- [faulty]
create policy all_of on notes as restrictive for select to authenticated using (true);
create policy own on notes as restrictive for select to authenticated using (org_id = org_id);
-- [twin]
create policy written on notes as restrictive for select to authenticated using (length(body) > 0);
create policy known on notes as restrictive for select to authenticated using ((select auth.uid()) is not null);
create policy own on notes as restrictive for select to authenticated using (org_id in (select my_orgs()));
