-- A constraint is dropped without `if exists`.
-- found: twice: line 1: 42704 constraint "users_email_key" of relation "users" does not exist
-- [base]
create table users (id bigint primary key, email text unique);
-- [faulty]
alter table users drop constraint users_email_key;
-- [twin]
alter table users drop constraint if exists users_email_key;
