-- A dropped column comes back with another type.
-- found: back: column public.orders.total changed
-- [base]
create table orders (id bigint primary key, total numeric(12, 2) not null default 0);
-- [faulty]
alter table orders drop column if exists total;
-- [faulty down]
alter table orders add column total numeric not null default 0;
-- [twin]
alter table orders drop column if exists total;
-- [twin down]
alter table orders add column total numeric(12, 2) not null default 0;
