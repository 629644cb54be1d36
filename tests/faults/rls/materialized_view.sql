-- A materialized view keeps everybody's rows for everybody.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes select through
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy of_org on notes for all to authenticated using (org_id in (select my_orgs())) with check (org_id in (select my_orgs()));
-- [faulty]
create materialized view note_stats as select org_id, body from notes;
revoke all on note_stats from anon;
-- [twin]
create materialized view note_stats as select org_id, body from notes;
revoke all on note_stats from anon, authenticated;
