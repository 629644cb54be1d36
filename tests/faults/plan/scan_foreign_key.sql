-- A foreign key reads both tables, and nobody writes to either meanwhile.
-- run: plan --local
-- found: line 1: scans public.orders
-- found: line 1: scans public.customers
-- found: line 1: may fail
-- [base]
create table customers (id bigint primary key);
create table orders (customer_id bigint);
-- [faulty]
alter table orders add constraint of_customer foreign key (customer_id) references customers;
-- [twin]
alter table orders add constraint of_customer foreign key (customer_id) references customers not valid;
