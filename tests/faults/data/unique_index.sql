-- A unique index on what is not unique.
-- run: verify 2 --with-data
-- found: data: line 1: 23505 could not create unique index "customers_city_key"
-- [base]
create table customers (id bigint primary key, city text not null);
-- [faulty]
create unique index if not exists customers_city_key on customers (city);
-- [twin]
create unique index if not exists customers_city_key on customers (city, id);
