-- The schema was there before, with more in it than what the migration has made.
-- found: back: schema billing missing
-- found: back: table billing.plans missing
-- found: again: table billing.plans missing
-- [base]
create schema billing;
create table billing.plans (id bigint primary key);
-- [faulty]
create schema if not exists billing;
create table if not exists billing.invoices (id bigint primary key);
-- [faulty down]
drop schema billing cascade;
-- [twin]
create schema if not exists billing;
create table if not exists billing.invoices (id bigint primary key);
-- [twin down]
drop table billing.invoices;
