-- A check that old rows do not fulfil.
-- run: verify 2 --with-data
-- found: data: line 2: 23514 check constraint "state_is_known" of relation "orders" is violated by some row
-- [base]
create table orders (id bigint primary key, state text not null);
-- [faulty]
alter table orders drop constraint if exists state_is_known;
alter table orders add constraint state_is_known check (state in ('open', 'paid'));
-- [twin]
alter table orders drop constraint if exists state_is_known;
alter table orders add constraint state_is_known check (state in ('open', 'paid')) not valid;
