-- Replication goes on with whole rows.
-- found: back: table public.orders changed
-- [base]
create table orders (id bigint primary key);
-- [faulty]
alter table orders replica identity full;
create index if not exists orders_desc on orders (id desc);
-- [faulty down]
drop index orders_desc;
-- [twin]
alter table orders replica identity full;
create index if not exists orders_desc on orders (id desc);
-- [twin down]
drop index orders_desc;
alter table orders replica identity default;
