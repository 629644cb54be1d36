-- A widened column is not narrowed again.
-- found: back: column public.users.name changed
-- [base]
create table users (id bigint primary key, name varchar(50));
-- [faulty]
alter table users alter column name type varchar(200);
-- [faulty down]
select 1;
-- [twin]
alter table users alter column name type varchar(200);
-- [twin down]
alter table users alter column name type varchar(50);
