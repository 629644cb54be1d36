-- The policy goes and row level security stays on: nobody sees a row.
-- found: back: table public.notes changed
-- [base]
create table notes (id bigint primary key, owner text);
-- [faulty]
alter table notes enable row level security;
drop policy if exists own on notes;
create policy own on notes using (owner = current_user);
-- [faulty down]
drop policy own on notes;
-- [twin]
alter table notes enable row level security;
drop policy if exists own on notes;
create policy own on notes using (owner = current_user);
-- [twin down]
drop policy own on notes;
alter table notes disable row level security;
