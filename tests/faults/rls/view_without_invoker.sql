-- A view runs with its owner's rights: it shows everything.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes select update delete insert through view public.note_list
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy of_org on notes for all to authenticated using (org_id in (select my_orgs())) with check (org_id in (select my_orgs()));
-- [faulty]
create view note_list as select id, org_id, body from notes;
revoke all on note_list from anon;
-- [twin]
create view note_list with (security_invoker) as select id, org_id, body from notes;
revoke all on note_list from anon;
