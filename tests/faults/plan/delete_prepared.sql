-- What was prepared runs where it is executed.
-- run: plan --local
-- found: line 2: high delete:public.items
-- [base]
create table items (id integer primary key, note text);
-- [faulty]
prepare off (integer) as delete from items where id = $1;
execute off (1);
-- [twin]
prepare off (integer) as delete from items where id = $1;
deallocate off;
