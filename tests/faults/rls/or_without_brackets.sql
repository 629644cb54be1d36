-- `or` and `and` without brackets: the second branch forgets the tenant.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes select
-- found: always-true: policy reads on public.notes
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
-- [faulty]
create policy reads on notes for select to authenticated using (org_id in (select my_orgs()) and body <> '' or body is not null);
-- [twin]
create policy reads on notes for select to authenticated using (org_id in (select my_orgs()) and (body <> '' or body is not null));
