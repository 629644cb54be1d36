-- The way back of one table changes the rows of another.
-- run: verify 2 --with-data
-- found: data: rows of public.users
-- [base]
create table users (id bigint primary key, active boolean not null);
create table teams (id bigint primary key);
-- [faulty]
alter table teams add column if not exists name text;
-- [faulty down]
update users set active = not active;
alter table teams drop column name;
-- [twin]
alter table teams add column if not exists name text;
-- [twin down]
alter table teams drop column name;
