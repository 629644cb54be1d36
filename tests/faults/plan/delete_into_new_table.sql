-- The table is made of rows that are deleted elsewhere.
-- run: plan --local
-- found: line 1: high delete:public.items
-- [base]
create table items (id integer primary key, note text);
-- [faulty]
create table old_items as with gone as (delete from items where id = 10 returning *) select * from gone;
-- [twin]
create table old_items as with old as (select * from items where id = 10) select * from old;
