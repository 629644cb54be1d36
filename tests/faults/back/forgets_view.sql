-- A view that shows the new table's name is left without need.
-- found: back: view public.active_users extra
-- [base]
create table users (id bigint primary key, active boolean);
-- [faulty]
create or replace view active_users as select id from users where active;
create table if not exists logins (id bigint primary key);
-- [faulty down]
drop table logins;
-- [twin]
create or replace view active_users as select id from users where active;
create table if not exists logins (id bigint primary key);
-- [twin down]
drop table logins;
drop view active_users;
