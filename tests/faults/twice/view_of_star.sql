-- A view of all columns is made before the column is added: the second run adds it to the view.
-- found: twice: column public.all_users.nick extra
-- found: twice: view public.all_users changed
-- [base]
create table users (id bigint primary key);
-- [faulty]
create or replace view all_users as select * from users;
alter table users add column if not exists nick text;
-- [twin]
alter table users add column if not exists nick text;
create or replace view all_users as select * from users;
