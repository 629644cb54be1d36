-- The way back forgets one of two tables.
-- found: back: table public.order_notes extra
-- [base]
create table orders (id bigint primary key);
-- [faulty]
create table if not exists order_notes (id bigint primary key);
create table if not exists order_tags (id bigint primary key);
-- [faulty down]
drop table order_tags;
-- [twin]
create table if not exists order_notes (id bigint primary key);
create table if not exists order_tags (id bigint primary key);
-- [twin down]
drop table order_tags;
drop table order_notes;
