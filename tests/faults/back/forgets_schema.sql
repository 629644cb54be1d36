-- The table goes, its schema stays.
-- found: back: schema billing extra
-- [base]
create table users (id bigint primary key);
-- [faulty]
create schema if not exists billing;
create table if not exists billing.invoices (id bigint primary key);
-- [faulty down]
drop table billing.invoices;
-- [twin]
create schema if not exists billing;
create table if not exists billing.invoices (id bigint primary key);
-- [twin down]
drop table billing.invoices;
drop schema billing;
