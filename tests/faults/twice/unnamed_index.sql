-- An index without a name is made once more under another.
-- found: twice: index public.orders_state_idx1 extra
-- [base]
create table orders (id bigint primary key, state text not null);
-- [faulty]
create index on orders (state);
-- [twin]
create index if not exists orders_state_idx on orders (state);
