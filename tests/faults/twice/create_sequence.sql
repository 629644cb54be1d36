-- A sequence is made without a guard.
-- found: twice: line 1: 42P07 relation "invoice_numbers" already exists
-- [base]
create table invoices (id bigint primary key, number bigint);
-- [faulty]
create sequence invoice_numbers start 1000;
alter table invoices alter column number set default nextval('invoice_numbers');
-- [twin]
create sequence if not exists invoice_numbers start 1000;
alter table invoices alter column number set default nextval('invoice_numbers');
