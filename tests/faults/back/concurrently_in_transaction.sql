-- The way back drops an index concurrently in a transaction that it begins itself.
-- found: back: line 2: 25001 DROP INDEX CONCURRENTLY cannot run inside a transaction block
-- [base]
create table orders (id bigint primary key, state text);
-- [faulty]
create index if not exists orders_state_idx on orders (state);
-- [faulty down]
begin;
drop index concurrently orders_state_idx;
commit;
-- [twin]
create index if not exists orders_state_idx on orders (state);
-- [twin down]
-- dbctl: no-transaction
drop index concurrently orders_state_idx;
