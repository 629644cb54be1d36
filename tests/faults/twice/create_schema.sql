-- A schema is made without a guard.
-- found: twice: line 1: 42P06 schema "billing" already exists
-- [base]
create table invoices (id bigint primary key);
-- [faulty]
create schema billing;
-- [twin]
create schema if not exists billing;
