-- The migration makes the column only where it is not there yet; it was, and the way back drops it.
-- found: back: column public.users.locale missing
-- [base]
create table users (id bigint primary key, locale text);
-- [faulty]
alter table users add column if not exists locale text;
alter table users add column if not exists zone text;
-- [faulty down]
alter table users drop column if exists zone, drop column if exists locale;
-- [twin]
alter table users add column if not exists locale text;
alter table users add column if not exists zone text;
-- [twin down]
alter table users drop column if exists zone;
