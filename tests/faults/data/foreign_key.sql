-- A foreign key where rows point nowhere.
-- run: verify 2 --with-data
-- found: data: line 2: 23503 insert or update on table "orders" violates foreign key constraint "of_customer"
-- [base]
create table customers (id uuid primary key);
create table orders (id bigint primary key, customer_id uuid not null);
-- [faulty]
alter table orders drop constraint if exists of_customer;
alter table orders add constraint of_customer foreign key (customer_id) references customers;
-- [twin]
alter table orders drop constraint if exists of_customer;
alter table orders add constraint of_customer foreign key (customer_id) references customers not valid;
