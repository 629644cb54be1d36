-- `explain analyze` runs what it explains.
-- run: plan --local
-- found: line 1: scans public.items
-- found: line 1: critical delete-all:public.items
-- [base]
create table items (id integer, note text);
-- [faulty]
explain (costs off, analyze) delete from items;
-- [twin]
explain delete from items;
