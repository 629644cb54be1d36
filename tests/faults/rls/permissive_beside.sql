-- A second policy opens what the first one closes.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes select
-- found: always-true: policy recent on public.notes
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy of_org on notes for all to authenticated using (org_id in (select my_orgs())) with check (org_id in (select my_orgs()));
-- [faulty]
create policy recent on notes for select to authenticated using (length(body) > 0);
-- [twin]
create policy recent on notes as restrictive for select to authenticated using (org_id in (select my_orgs()));
