-- Before it deletes, the statement changes another table in its `with`.
-- run: plan --local
-- found: line 1: scans public.items
-- found: line 1: scans public.users
-- found: line 1: critical delete-all:public.items
-- found: line 1: high update-all:public.users
-- [base]
create table items (id integer, note text);
create table users (id integer, age integer);
-- [faulty]
with young as (update users set age = 0 returning 1) delete from items;
-- [twin]
with young as (select 1) select count(*) from young;
