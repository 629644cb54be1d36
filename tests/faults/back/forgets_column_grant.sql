-- A right on one column is not taken back.
-- found: back: column public.users.email changed: revoke select
-- [base]
create table users (id bigint primary key, email text);
grant select (id) on users to pg_monitor;
-- [faulty]
grant select (email) on users to pg_monitor;
-- [faulty down]
revoke update (email) on users from pg_monitor;
-- [twin]
grant select (email) on users to pg_monitor;
-- [twin down]
revoke select (email) on users from pg_monitor;
