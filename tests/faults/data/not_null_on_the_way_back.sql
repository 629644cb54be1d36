-- The way back wants what the migration has taken away.
-- run: verify 2 --with-data
-- found: data back: line 1: 23502 column "fax" of relation "customers" contains null values
-- [base]
create table customers (id bigint primary key, fax text not null);
-- [faulty]
alter table customers drop column if exists fax;
-- [faulty down]
alter table customers add column fax text not null;
-- [twin]
alter table customers drop column if exists fax;
-- [twin down]
alter table customers add column fax text not null default '';
alter table customers alter column fax drop default;
