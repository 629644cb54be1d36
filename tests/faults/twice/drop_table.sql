-- A table is dropped without `if exists`.
-- found: twice: line 1: 42P01 table "legacy" does not exist
-- [base]
create table legacy (id bigint primary key, note text);
-- [faulty]
drop table legacy;
-- [twin]
drop table if exists legacy;
