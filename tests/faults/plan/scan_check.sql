-- A check is proved at once.
-- run: plan --local
-- found: line 1: scans public.orders
-- found: line 1: may fail
-- [base]
create table orders (total int);
-- [faulty]
alter table orders add constraint positive check (total > 0);
-- [twin]
alter table orders add constraint positive check (total > 0) not valid;
