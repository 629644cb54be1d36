-- A new table without row level security.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: unauthenticated-see-nothing: public.files
-- found: tenant-isolation: public.files
-- [faulty]
create table files (id bigint generated always as identity primary key, org_id uuid not null references orgs, path text not null);
-- [twin]
create table files (id bigint generated always as identity primary key, org_id uuid not null references orgs, path text not null);
alter table files enable row level security;
create policy of_org on files to authenticated using (org_id in (select my_orgs()));
