-- Row level security stays forced on the owner.
-- found: back: table public.notes changed
-- [base]
create table notes (id bigint primary key);
alter table notes enable row level security;
-- [faulty]
alter table notes force row level security;
create index if not exists notes_id_desc on notes (id desc);
-- [faulty down]
drop index notes_id_desc;
-- [twin]
alter table notes force row level security;
create index if not exists notes_id_desc on notes (id desc);
-- [twin down]
drop index notes_id_desc;
alter table notes no force row level security;
