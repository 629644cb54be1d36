alter default privileges grant select on tables to reader; alter default privileges revoke execute on functions from public;
create schema s; create table s.old (id int); create function s.fold() returns int language sql as 'select 1';
alter default privileges in schema s grant insert on tables to writer with grant option; alter default privileges for role reader grant usage on sequences to writer;
