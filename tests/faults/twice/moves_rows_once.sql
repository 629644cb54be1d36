-- Rows are moved by copying and deleting; a copy without deleting does it again.
-- found: twice: rows of public.old_orders: 1 row more than before
-- [base]
create table orders (id bigint primary key, year int);
create table old_orders (id bigint, year int);
insert into orders values (1, 2019), (2, 2026);
-- [faulty]
insert into old_orders select * from orders where year < 2020;
-- [twin]
with moved as (delete from orders where year < 2020 returning *)
insert into old_orders select * from moved;
