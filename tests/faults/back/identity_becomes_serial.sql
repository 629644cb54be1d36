-- An identity column comes back as a serial.
-- found: back: column public.orders.id changed
-- found: back: default of public.orders.id extra
-- found: back: sequence
-- [base]
create table orders (id bigint generated always as identity primary key);
-- [faulty]
alter table orders alter column id drop identity if exists;
-- [faulty down]
create sequence orders_id_seq owned by orders.id;
alter table orders alter column id set default nextval('orders_id_seq');
-- [twin]
alter table orders alter column id drop identity if exists;
-- [twin down]
alter table orders alter column id add generated always as identity;
