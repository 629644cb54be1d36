-- Row level security is turned off again, and the policy stays and waits.
-- found: back: policy own on public.notes extra
-- [base]
create table notes (id bigint primary key, owner text);
-- [faulty]
alter table notes enable row level security;
drop policy if exists own on notes;
create policy own on notes using (owner = current_user);
-- [faulty down]
alter table notes disable row level security;
-- [twin]
alter table notes enable row level security;
drop policy if exists own on notes;
create policy own on notes using (owner = current_user);
-- [twin down]
drop policy own on notes;
alter table notes disable row level security;
