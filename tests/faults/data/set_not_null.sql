-- `set not null` where rows have none.
-- run: verify 2 --with-data
-- found: data: line 1: 23502 column "phone" of relation "customers" contains null values
-- [base]
create table customers (id bigint primary key, phone text);
-- [faulty]
alter table customers alter column phone set not null;
-- [twin]
update customers set phone = '' where phone is null;
alter table customers alter column phone set not null;
