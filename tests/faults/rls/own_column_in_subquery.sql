-- The name in the subquery means the inner table: the comparison is with itself.
-- run: test rls
-- base: tenants
-- setting: [local]
-- setting: platform = "supabase"
-- found: tenant-isolation: public.notes select
-- found: always-true: policy reads on public.notes
-- [base]
create table notes (id uuid primary key default gen_random_uuid(), org_id uuid not null references orgs on delete cascade, body text not null);
alter table notes enable row level security;
create policy sees on members for select to authenticated using (user_id = auth.uid());
-- [faulty]
create policy reads on notes for select to authenticated using (exists (select from members m where m.org_id = org_id and m.user_id = auth.uid()));
-- [twin]
create policy reads on notes for select to authenticated using (exists (select from members m where m.org_id = notes.org_id and m.user_id = auth.uid()));
