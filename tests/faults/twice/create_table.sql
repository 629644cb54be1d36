-- A table is made without a guard.
-- found: twice: line 1: 42P07 relation "invoices" already exists
-- [base]
create table customers (id bigint primary key);
-- [faulty]
create table invoices (id bigint primary key, customer_id bigint not null references customers);
-- [twin]
create table if not exists invoices (id bigint primary key, customer_id bigint not null references customers);
