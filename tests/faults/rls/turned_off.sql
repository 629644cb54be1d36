-- Row level security is turned off for a moment and stays off.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: unauthenticated-see-nothing: public.notes
-- found: tenant-isolation: public.notes
-- found: never-used: policy of_org on public.notes
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy of_org on notes for all to authenticated using (org_id in (select my_orgs())) with check (org_id in (select my_orgs()));
-- [faulty]
alter table notes disable row level security;
update notes set body = trim(body);
-- [twin]
alter table notes disable row level security;
update notes set body = trim(body);
alter table notes enable row level security;
