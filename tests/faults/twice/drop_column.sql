-- The second of two columns is dropped without `if exists`.
-- found: twice: line 1: 42703 column "fax" of relation "users" does not exist
-- [base]
create table users (id bigint primary key, phone text, fax text);
-- [faulty]
alter table users drop column if exists phone, drop column fax;
-- [twin]
alter table users drop column if exists phone, drop column if exists fax;
