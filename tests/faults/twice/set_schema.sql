-- A table is moved to another schema without `if exists`.
-- found: twice: line 2: 42P01 relation "public.logs" does not exist
-- [base]
create table logs (id bigint primary key);
-- [faulty]
create schema if not exists archive;
alter table public.logs set schema archive;
-- [twin]
create schema if not exists archive;
alter table if exists public.logs set schema archive;
