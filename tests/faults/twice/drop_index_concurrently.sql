-- An index is dropped concurrently without `if exists`, outside a transaction.
-- found: twice: line 2: 42704 index "users_email_idx" does not exist
-- [base]
create table users (id bigint primary key, email text);
create index users_email_idx on users (email);
-- [faulty]
-- dbctl: no-transaction
drop index concurrently users_email_idx;
-- [twin]
-- dbctl: no-transaction
drop index concurrently if exists users_email_idx;
