-- Rights on all tables are given before the last of them is made: only a second run reaches it.
-- found: twice: table public.refunds changed: revoke
-- [base]
create table payments (id bigint primary key);
-- [faulty]
grant select on all tables in schema public to pg_monitor;
create table if not exists refunds (id bigint primary key);
-- [twin]
create table if not exists refunds (id bigint primary key);
grant select on all tables in schema public to pg_monitor;
