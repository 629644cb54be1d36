-- The column is an integer again, and its sequence still counts beyond.
-- found: back: sequence public.orders_id_seq changed
-- [base]
create table orders (id serial primary key);
-- [faulty]
alter table orders alter column id type bigint;
alter sequence orders_id_seq as bigint;
-- [faulty down]
alter table orders alter column id type integer;
-- [twin]
alter table orders alter column id type bigint;
alter sequence orders_id_seq as bigint;
-- [twin down]
alter table orders alter column id type integer;
alter sequence orders_id_seq as integer;
