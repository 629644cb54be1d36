-- `cluster` writes the table anew in another order.
-- run: plan --local
-- found: line 1: rewrites public.orders
-- found: line 1: rebuilds public.orders_pkey
-- [base]
create table orders (id bigint primary key, state text);
-- [faulty]
cluster orders using orders_pkey;
-- [twin]
alter table orders cluster on orders_pkey;
