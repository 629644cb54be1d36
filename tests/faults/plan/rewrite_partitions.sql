-- The partitions are written anew, which is said of them and not of the table that they are of.
-- run: plan --local
-- found: line 1: rewrites public.logs_1
-- found: line 1: rewrites public.logs_rest
-- [base]
create table logs (id integer, day date) partition by range (day);
create table logs_1 partition of logs for values from ('2024-01-01') to ('2025-01-01');
create table logs_rest partition of logs default;
-- [faulty]
alter table logs alter column id type bigint;
-- [twin]
alter table logs alter column id set default 1;
