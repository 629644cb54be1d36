-- A column of a domain with a check is filled row by row.
-- run: plan --local
-- found: line 1: rewrites public.users
-- [base]
create domain email as text check (value like '%@%');
create domain word as text;
create table users (id bigint);
-- [faulty]
alter table users add column email email default 'a@b';
-- [twin]
alter table users add column nick word default 'a@b';
