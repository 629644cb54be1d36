-- A function with its owner's rights gives what it is asked for.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes select through function
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy of_org on notes for all to authenticated using (org_id in (select my_orgs())) with check (org_id in (select my_orgs()));
-- [faulty]
create function notes_of(org uuid) returns setof notes language sql stable security definer set search_path = public as 'select * from notes where org_id = org';
revoke execute on function notes_of from public, anon;
-- [twin]
create function notes_of(org uuid) returns setof notes language sql stable security invoker set search_path = public as 'select * from notes where org_id = org';
revoke execute on function notes_of from public, anon;
