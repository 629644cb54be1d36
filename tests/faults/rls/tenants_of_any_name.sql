-- Tenants that are called like nothing known are tenants by their table of memberships.
-- run: test rls
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.docs
-- found: always-true: policy
-- [base]
create table clubs (id uuid primary key default gen_random_uuid(), name text not null);
create table club_members (club_id uuid references clubs on delete cascade, member uuid references auth.users on delete cascade, primary key (club_id, member));
alter table clubs enable row level security;
alter table club_members enable row level security;
create policy own on club_members for select to authenticated using (member = auth.uid());
create policy own on clubs for select to authenticated using (id in (select club_id from club_members where member = auth.uid()));
create table docs (id uuid primary key default gen_random_uuid(), club_id uuid not null references clubs on delete cascade, body text not null);
alter table docs enable row level security;
-- [faulty]
create policy reads on docs for select to authenticated using (body is not null);
-- [twin]
create policy reads on docs for select to authenticated using (club_id in (select club_id from club_members where member = auth.uid()));
