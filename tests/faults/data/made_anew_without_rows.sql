-- The way back makes the table anew instead of changing it: the schema is the same, the rows are gone.
-- run: verify 2 --with-data
-- found: data: rows of public.users
-- [base]
create table users (id bigint primary key, name text);
-- [faulty]
alter table users add column if not exists nick text;
-- [faulty down]
drop table users;
create table users (id bigint primary key, name text);
-- [twin]
alter table users add column if not exists nick text;
-- [twin down]
alter table users drop column nick;
