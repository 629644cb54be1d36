-- A right that was given is not taken back.
-- found: back: table public.orders changed: revoke select
-- [base]
create table orders (id bigint primary key);
-- [faulty]
grant select on orders to pg_monitor;
comment on table orders is 'read by the monitor';
-- [faulty down]
comment on table orders is null;
-- [twin]
grant select on orders to pg_monitor;
comment on table orders is 'read by the monitor';
-- [twin down]
comment on table orders is null;
revoke select on orders from pg_monitor;
