-- A policy that compares with null lets nobody in.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: never-true: policy
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
-- [faulty]
create policy reads on notes for select to authenticated using (org_id = null);
-- [twin]
create policy reads on notes for select to authenticated using (org_id in (select my_orgs()));
