-- A materialized view is made without a guard; its index has one.
-- found: twice: line 1: 42P07 relation "daily" already exists
-- [base]
create table events (id bigint primary key, day date not null);
-- [faulty]
create materialized view daily as select day, count(*) from events group by day;
create unique index if not exists daily_day on daily (day);
-- [twin]
create materialized view if not exists daily as select day, count(*) from events group by day;
create unique index if not exists daily_day on daily (day);
