-- A foreign key comes back without `on delete cascade`.
-- found: back: constraint orders_customer_id_fkey on public.orders changed
-- [base]
create table customers (id bigint primary key);
create table orders (id bigint primary key, customer_id bigint references customers on delete cascade);
-- [faulty]
alter table orders drop constraint if exists orders_customer_id_fkey;
-- [faulty down]
alter table orders add constraint orders_customer_id_fkey foreign key (customer_id) references customers;
-- [twin]
alter table orders drop constraint if exists orders_customer_id_fkey;
-- [twin down]
alter table orders add constraint orders_customer_id_fkey foreign key (customer_id) references customers on delete cascade;
