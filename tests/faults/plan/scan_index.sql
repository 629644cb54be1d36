-- An index is built while nobody writes.
-- run: plan --local
-- found: line 1: scans public.orders
-- [base]
create table orders (state text);
-- [faulty]
create index orders_state on orders (state);
-- [twin]
create table orders_archive (state text);
create index orders_archive_state on orders_archive (state);
