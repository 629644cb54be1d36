-- A dropped column comes back with a default that it did not have.
-- found: back: default of public.orders.currency extra
-- [base]
create table orders (id bigint primary key, currency char(3) not null);
-- [faulty]
alter table orders drop column if exists currency;
-- [faulty down]
alter table orders add column currency char(3) not null default 'eur';
-- [twin]
alter table orders drop column if exists currency;
-- [twin down]
alter table orders add column currency char(3) not null default 'eur';
alter table orders alter column currency drop default;
