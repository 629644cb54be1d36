-- More digits behind the point are a rewrite; more before it are none.
-- run: plan --local
-- found: line 1: rewrites public.payments
-- [base]
create table payments (id bigint, amount numeric(10, 2));
-- [faulty]
alter table payments alter column amount type numeric(12, 4);
-- [twin]
alter table payments alter column amount type numeric(12, 2);
