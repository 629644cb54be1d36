-- A view is made without `or replace`.
-- found: twice: line 1: 42P07 relation "open_orders" already exists
-- [base]
create table orders (id bigint primary key, closed boolean not null);
-- [faulty]
create view open_orders as select id from orders where not closed;
-- [twin]
create or replace view open_orders as select id from orders where not closed;
