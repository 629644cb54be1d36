-- A stored generated column is computed for every row.
-- run: plan --local
-- found: line 1: rewrites public.boxes
-- [base]
create table boxes (a int, b int);
-- [faulty]
alter table boxes add column volume int generated always as (a * b) stored;
-- [twin]
alter table boxes add column volume int;
