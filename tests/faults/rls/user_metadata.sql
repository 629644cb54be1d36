-- The tenant is read from what a user writes himself.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
-- [faulty]
create policy reads on notes for select to authenticated using (org_id = (auth.jwt() -> 'user_metadata' ->> 'org_id')::uuid);
-- [twin]
create policy reads on notes for select to authenticated using (org_id = (auth.jwt() -> 'app_metadata' ->> 'org_id')::uuid);
