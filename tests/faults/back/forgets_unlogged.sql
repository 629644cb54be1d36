-- A table stays unlogged, and is empty after a crash.
-- found: back: table public.cache changed
-- [base]
create table cache (key text primary key, value text);
-- [faulty]
alter table cache set unlogged;
alter table cache add column if not exists at timestamptz;
-- [faulty down]
alter table cache drop column at;
-- [twin]
alter table cache set unlogged;
alter table cache add column if not exists at timestamptz;
-- [twin down]
alter table cache drop column at;
alter table cache set logged;
