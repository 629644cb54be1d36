-- What is made later is still given to a role.
-- found: back: default privileges
-- [base]
create table users (id bigint primary key);
-- [faulty]
alter default privileges in schema public grant select on tables to pg_monitor;
create table if not exists reports (id bigint primary key);
-- [faulty down]
drop table reports;
-- [twin]
alter default privileges in schema public grant select on tables to pg_monitor;
create table if not exists reports (id bigint primary key);
-- [twin down]
drop table reports;
alter default privileges in schema public revoke select on tables from pg_monitor;
