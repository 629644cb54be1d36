-- A view is dropped and made again: what others may do with it is lost.
-- found: back: view public.people changed: grant select
-- [base]
create table users (id bigint primary key, name text);
create view people as select id from users;
grant select on people to pg_monitor;
-- [faulty]
create or replace view people as select id, name from users;
-- [faulty down]
drop view people;
create view people as select id from users;
-- [twin]
create or replace view people as select id, name from users;
-- [twin down]
drop view people;
create view people as select id from users;
grant select on people to pg_monitor;
