-- One of two added columns stays.
-- found: back: column public.users.locale extra
-- [base]
create table users (id bigint primary key);
-- [faulty]
alter table users add column if not exists locale text, add column if not exists zone text;
-- [faulty down]
alter table users drop column zone;
-- [twin]
alter table users add column if not exists locale text, add column if not exists zone text;
-- [twin down]
alter table users drop column zone, drop column locale;
