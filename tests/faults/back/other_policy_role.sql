-- A policy for one role comes back for everybody.
-- found: back: policy monitored on public.notes changed
-- [base]
create table notes (id bigint primary key);
alter table notes enable row level security;
create policy monitored on notes for select to pg_monitor using (true);
-- [faulty]
drop policy if exists monitored on notes;
-- [faulty down]
create policy monitored on notes for select using (true);
-- [twin]
drop policy if exists monitored on notes;
-- [twin down]
create policy monitored on notes for select to pg_monitor using (true);
