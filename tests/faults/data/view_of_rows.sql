-- A materialized view divides by what may be zero.
-- run: verify 2 --with-data
-- found: data: line 2: 22012 division by zero
-- [base]
create table lines (id bigint primary key, total int not null, quantity int not null);
insert into lines values (1, 10, 0);
create table wanted (id bigint primary key);
-- [faulty]
create table if not exists rates (id bigint primary key, rate int);
insert into rates select id, total / quantity from lines on conflict do nothing;
-- [twin]
create table if not exists rates (id bigint primary key, rate int);
insert into rates select id, total / nullif(quantity, 0) from lines on conflict do nothing;
