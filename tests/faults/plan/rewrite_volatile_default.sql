-- A default that differs row by row.
-- run: plan --local
-- found: line 1: rewrites public.users
-- [base]
create table users (id bigint);
-- [faulty]
alter table users add column token uuid not null default gen_random_uuid();
-- [twin]
alter table users add column created_at timestamptz not null default now();
