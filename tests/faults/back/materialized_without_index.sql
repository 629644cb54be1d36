-- A materialized view comes back without the index that refreshing it concurrently needs.
-- found: back: index public.daily_day missing
-- [base]
create table events (day date not null);
create materialized view daily as select day, count(*) as n from events group by day;
create unique index daily_day on daily (day);
-- [faulty]
drop materialized view if exists daily;
-- [faulty down]
create materialized view daily as select day, count(*) as n from events group by day;
-- [twin]
drop materialized view if exists daily;
-- [twin down]
create materialized view daily as select day, count(*) as n from events group by day;
create unique index daily_day on daily (day);
