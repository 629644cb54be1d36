-- The way back empties a table to be rid of a column.
-- run: verify 2 --with-data
-- found: data: rows of public.orders
-- [base]
create table orders (id bigint primary key, note text);
-- [faulty]
alter table orders add column if not exists state text;
-- [faulty down]
delete from orders;
alter table orders drop column state;
-- [twin]
alter table orders add column if not exists state text;
-- [twin down]
alter table orders drop column state;
