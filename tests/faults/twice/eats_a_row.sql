-- Each run deletes the eldest row.
-- found: twice: rows of public.jobs: 1 row fewer than before
-- [base]
create table jobs (id bigint primary key);
insert into jobs values (1), (2), (3);
-- [faulty]
delete from jobs where id = (select min(id) from jobs);
-- [twin]
delete from jobs where id = 1;
