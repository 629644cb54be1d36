-- The way back names an index that is not there.
-- found: back: line 2: 42704 index "orders_status_idx" does not exist
-- [base]
create table orders (id bigint primary key, state text);
-- [faulty]
create index if not exists orders_state_idx on orders (state);
-- [faulty down]
-- the index on the state
drop index orders_status_idx;
-- [twin]
create index if not exists orders_state_idx on orders (state);
-- [twin down]
-- the index on the state
drop index orders_state_idx;
