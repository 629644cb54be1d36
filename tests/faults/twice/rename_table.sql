-- A table is renamed without `if exists`.
-- found: twice: line 1: 42P01 relation "user" does not exist
-- [base]
create table "user" (id bigint primary key, email text);
-- [faulty]
alter table "user" rename to accounts;
-- [twin]
alter table if exists "user" rename to accounts;
