-- The way back makes a column narrow that was never touched on rows that fit.
-- run: verify 2 --with-data
-- found: data back: line 1: 22001 value too long for type character varying(10)
-- [base]
create table products (id bigint primary key, label varchar(10) not null);
-- [faulty]
alter table products alter column label type varchar(200);
update products set label = repeat('x', 150);
-- [faulty down]
alter table products alter column label type varchar(10);
-- [twin]
alter table products alter column label type varchar(200);
update products set label = repeat('x', 150);
-- [twin down]
alter table products alter column label type varchar(10) using left(label, 10);
