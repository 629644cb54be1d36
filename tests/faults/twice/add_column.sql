-- The second statement adds a column without a guard.
-- found: twice: line 2: 42701 column "locale" of relation "customers" already exists
-- [base]
create table customers (id bigint primary key);
-- [faulty]
alter table customers add column if not exists country text;
alter table customers add column locale text not null default 'en';
-- [twin]
alter table customers add column if not exists country text;
alter table customers add column if not exists locale text not null default 'en';
