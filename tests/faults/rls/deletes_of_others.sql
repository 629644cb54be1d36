-- Rows of another tenant can be deleted.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes
-- found: always-true: policy all_of_it on public.notes
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy reads on notes for select to authenticated using (org_id in (select my_orgs()));
-- [faulty]
create policy all_of_it on notes for all to authenticated using (auth.uid() is not null);
-- [twin]
create policy removes on notes for delete to authenticated using (org_id in (select my_orgs()));
