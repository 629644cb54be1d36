-- The table stays with its new owner.
-- found: back: table public.orders changed
-- [base]
create table orders (id bigint primary key);
-- [faulty]
alter table orders owner to pg_monitor;
alter table orders set (fillfactor = 80);
-- [faulty down]
alter table orders reset (fillfactor);
-- [twin]
alter table orders set (fillfactor = 80);
-- [twin down]
alter table orders reset (fillfactor);
