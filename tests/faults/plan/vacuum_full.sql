-- `cluster` writes the table anew in another order.
-- run: plan --local
-- found: line 1: rewrites public.orders
-- [base]
create table orders (id bigint primary key, state text);
-- [faulty]
cluster orders using orders_pkey;
-- [twin]
alter table orders cluster on orders_pkey;
