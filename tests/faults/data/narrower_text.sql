-- A column is made too narrow for what is in it.
-- run: verify 2 --with-data
-- found: data: line 1: 22001 value too long for type character varying(2)
-- [base]
create table products (id bigint primary key, label varchar(200) not null);
-- [faulty]
alter table products alter column label type varchar(2);
-- [twin]
alter table products alter column label type varchar(2) using left(label, 2);
