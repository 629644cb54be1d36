-- A policy is made that is not dropped before.
-- found: twice: line 2: 42710 policy "own_notes" for table "notes" already exists
-- [base]
create table notes (id bigint primary key, owner text not null);
-- [faulty]
alter table notes enable row level security;
create policy own_notes on notes using (owner = current_user);
-- [twin]
alter table notes enable row level security;
drop policy if exists own_notes on notes;
create policy own_notes on notes using (owner = current_user);
