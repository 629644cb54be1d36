-- Rows can be put into another tenant.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes insert
-- found: always-true: policy adds on public.notes
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy reads on notes for select to authenticated using (org_id in (select my_orgs()));
-- [faulty]
create policy adds on notes for insert to authenticated with check (auth.uid() is not null);
-- [twin]
create policy adds on notes for insert to authenticated with check (org_id in (select my_orgs()));
