-- A value is added to an enum without a guard.
-- found: twice: line 1: 42710 enum label "refunded" already exists
-- [base]
create type payment_state as enum ('open', 'paid');
create table payments (id bigint primary key, state payment_state not null default 'open');
-- [faulty]
alter type payment_state add value 'refunded' after 'paid';
-- [twin]
alter type payment_state add value if not exists 'refunded' after 'paid';
