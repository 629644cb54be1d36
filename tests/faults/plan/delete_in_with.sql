-- The rows go by a query of `with`; what is selected is only how many.
-- run: plan --local
-- found: line 1: scans public.items
-- found: line 1: critical delete-all:public.items
-- [base]
create table items (id integer primary key, note text);
-- [faulty]
with gone as (delete from items returning 1) select count(*) from gone;
-- [twin]
with those as (select 1 from items where id = 0) select count(*) from those;
