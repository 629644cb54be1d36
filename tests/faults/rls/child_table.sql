-- Comments are open to everybody who knows a note's id; the tenant stands in the table above.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.comments
-- found: always-true: policy reads on public.comments
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy of_org on notes for all to authenticated using (org_id in (select my_orgs())) with check (org_id in (select my_orgs()));
create table comments (id bigint generated always as identity primary key, note_id uuid not null references notes on delete cascade, text text not null);
alter table comments enable row level security;
-- [faulty]
create policy reads on comments for select to authenticated using (note_id is not null);
-- [twin]
create policy reads on comments for select to authenticated using (note_id in (select id from notes));
