-- A serial for a table that has rows gives each of them a number.
-- run: plan --local
-- found: line 1: rewrites public.logs
-- [base]
create table logs (at timestamptz);
-- [faulty]
alter table logs add column number bigserial;
-- [twin]
alter table logs add column number bigint;
