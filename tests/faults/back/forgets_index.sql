-- The way back drops the column but not the index that the migration made on others.
-- found: back: index public.orders_placed_idx extra
-- [base]
create table orders (id bigint primary key, placed timestamptz);
-- [faulty]
alter table orders add column if not exists state text;
create index if not exists orders_state_idx on orders (state);
create index if not exists orders_placed_idx on orders (placed desc);
-- [faulty down]
alter table orders drop column state;
-- [twin]
alter table orders add column if not exists state text;
create index if not exists orders_state_idx on orders (state);
create index if not exists orders_placed_idx on orders (placed desc);
-- [twin down]
drop index orders_placed_idx;
alter table orders drop column state;
