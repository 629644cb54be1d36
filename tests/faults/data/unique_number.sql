-- A unique constraint on a number that nothing has kept apart; rows without one are no trouble.
-- run: verify 2 --with-data
-- found: data: line 2: 23505 could not create unique index "orders_number_key"
-- [base]
create table orders (id bigint primary key, number int, placed date);
-- [faulty]
alter table orders drop constraint if exists orders_number_key;
alter table orders add constraint orders_number_key unique (number);
-- [twin]
update orders o set number = null where exists (select from orders e where e.number = o.number and e.id < o.id);
alter table orders drop constraint if exists orders_number_key;
alter table orders add constraint orders_number_key unique (number);
