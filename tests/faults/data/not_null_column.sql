-- A column without a default is added `not null`: no table with rows takes it.
-- run: verify 2 --with-data
-- found: data: line 1: 23502 column "country" of relation "customers" contains null values
-- [base]
create table customers (id bigint primary key, name text not null);
-- [faulty]
alter table customers add column if not exists country text not null;
-- [twin]
alter table customers add column if not exists country text not null default 'de';
