-- A text becomes a number; not every text is one.
-- run: verify 2 --with-data
-- found: data: line 1: 22P02 invalid input syntax for type integer
-- [base]
create table products (id bigint primary key, weight text not null);
-- [faulty]
alter table products alter column weight type integer using weight::integer;
-- [twin]
alter table products alter column weight type integer using case when weight::text ~ '^\d{1,9}$' then weight::text::integer else 0 end;
