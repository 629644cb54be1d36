-- A policy comes back with the expression of another day.
-- found: back: policy own on public.notes changed
-- [base]
create table notes (id bigint primary key, owner text, shared boolean);
alter table notes enable row level security;
create policy own on notes using (owner = current_user);
-- [faulty]
drop policy if exists own on notes;
create policy own on notes using (owner = current_user or shared);
-- [faulty down]
drop policy own on notes;
create policy own on notes using (owner = session_user);
-- [twin]
drop policy if exists own on notes;
create policy own on notes using (owner = current_user or shared);
-- [twin down]
drop policy own on notes;
create policy own on notes using (owner = current_user);
