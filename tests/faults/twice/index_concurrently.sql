-- An index is built concurrently without a guard, outside a transaction.
-- found: twice: line 2: 42P07 relation "users_email_idx" already exists
-- [base]
create table users (id bigint primary key, email text);
-- [faulty]
-- dbctl: no-transaction
create index concurrently users_email_idx on users (email);
-- [twin]
-- dbctl: no-transaction
create index concurrently if not exists users_email_idx on users (email);
