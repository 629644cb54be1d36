alter default privileges grant select, update on tables to reader; alter default privileges revoke usage on types from public; alter default privileges grant usage on schemas to writer;
create schema s; create table s.old (id int); create function s.fold() returns int language sql as 'select 1';
alter default privileges in schema s grant usage on sequences to writer; 
create table s.new (id serial, x int); create view s.nv as select 1 as x; create function s.fnew() returns int language sql as 'select 1'; create type s.ty as enum ('a'); create schema s2; create sequence s.sq; create materialized view s.mv as select 1 as a;
grant select on s.new to reader with grant option; revoke all on s.nv from reader; grant execute on function s.fnew() to public;
