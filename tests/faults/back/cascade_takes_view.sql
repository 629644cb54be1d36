-- `cascade` on the way back takes a view along that was there before.
-- found: back: view public.report missing
-- [base]
create table users (id bigint primary key, name text);
create view report as select id, name from users;
-- [faulty]
alter table users add column if not exists nick text;
create or replace view report as select id, name, nick from users;
-- [faulty down]
alter table users drop column nick cascade;
-- [twin]
alter table users add column if not exists nick text;
create or replace view report as select id, name, nick from users;
-- [twin down]
drop view report;
create view report as select id, name from users;
alter table users drop column nick;
