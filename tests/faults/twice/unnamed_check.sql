-- A check without a name is added once more under another.
-- found: twice: constraint orders_quantity_check1 on public.orders extra
-- [base]
create table orders (id bigint primary key, quantity int not null);
-- [faulty]
alter table orders add check (quantity > 0);
-- [twin]
alter table orders drop constraint if exists orders_quantity_check, add constraint orders_quantity_check check (quantity > 0);
