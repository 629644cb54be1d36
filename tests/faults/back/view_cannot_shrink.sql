-- `or replace` cannot take a column out of a view.
-- found: back: line 1: 42P16 cannot drop columns from view
-- [base]
create table users (id bigint primary key, name text);
create view people as select id from users;
-- [faulty]
create or replace view people as select id, name from users;
-- [faulty down]
create or replace view people as select id from users;
-- [twin]
create or replace view people as select id, name from users;
-- [twin down]
drop view people;
create view people as select id from users;
